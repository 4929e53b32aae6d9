// Runs the scripts of one change on a database of the proof's own, with their ledger rows, as
// deploy and revert do: same order, same transactions, same clean-up behind each script.
#pragma once

#include <optional>

#include "engine/catalog/written_catalogs.h"
#include "engine/db/batch.h"
#include "engine/db/connection.h"
#include "engine/migrate/failure.h"
#include "engine/proof/prove_plan.h"

namespace pgpm::proof {

/// What a script failed with, as a person reads it.
using Failure = std::optional<Error>;

/// All of these throw Error(interrupted) and Error(connection); any other failure is an answer, and
/// then no transaction is open any more.
class ChangeScripts {
 public:
  /// `written` is told which catalogs the transactions wrote that lasted.
  ChangeScripts(db::Connection& connection, const ProofStep& step,
                catalog::WrittenCatalogs& written)
      : connection_(connection), step_(step), written_(written) {}

  struct Deployed {
    Failure deploy;  ///< nothing of it stays, unless it runs outside a transaction
    Failure verify;  ///< right after the change, which stays
  };
  Deployed deploy();
  /// Leaves its transaction open, for a look at what became of it, unless it runs outside one.
  Failure revert();
  /// Ends what revert() left open.
  Failure commit_revert();
  void roll_back_revert();
  /// Runs the verify script so that nothing of it stays: nullopt if it passes (or if there is
  /// none).
  Failure verify();

 private:
  Failure run_alone(const PreparedStep& step);
  Failure commit(Action action);
  Failure send(const db::Batch& batch, const FailedUnit& failed, const db::RowSeen& row = {});
  FailedUnit unit(Action action, FailedUnit::Part part) const;
  void roll_back();

  db::Connection& connection_;
  const ProofStep& step_;
  catalog::WrittenCatalogs& written_;
};

}  // namespace pgpm::proof
