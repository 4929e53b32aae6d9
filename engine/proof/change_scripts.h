// Runs the scripts of one change on a database of the proof's own, with their ledger rows, as
// deploy and revert do: same order, same transactions, same clean-up behind each script.
#pragma once

#include <optional>

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
  ChangeScripts(db::Connection& connection, const ProofStep& step)
      : connection_(connection), step_(step) {}

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
  Failure send(const db::Batch& batch, const FailedUnit& failed);
  FailedUnit unit(Action action, FailedUnit::Part part) const;
  void roll_back();

  db::Connection& connection_;
  const ProofStep& step_;
};

}  // namespace pgpm::proof
