// Turns what the server or the wire did to a batch into the Error a person reads, and into the
// ledger's failed event.
#pragma once

#include <string>
#include <vector>

#include "engine/db/batch.h"
#include "engine/migrate/doubt.h"
#include "pgpm/event.h"

namespace pgpm {

/// What was being done when it failed.
struct FailedUnit {
  Action action = Action::deploy;
  std::string module, change;  ///< change is "" between changes
  enum class Part { script, verify, ledger, extension, commit };
  Part part = Part::ledger;
  std::string verify_file;
};

Error failure_error(const db::BatchFailure& failure, const FailedUnit& failed);

/// Writes the failed event in its own transaction, if there is a change to blame and a connection
/// left. Never throws.
void record_failed(db::Connection& connection, const Error& error, const FailedUnit& failed,
                   long run_id);

/// The same after the connection was lost and the ledger was asked what became of the run.
std::string describe_settled(const Settled& settled, const Error& error, TransactionScope scope);

/// "nothing was changed", or what is committed and what is not. `error` may bring what a change
/// outside a transaction has done.
std::string describe_state(const std::vector<std::string>& committed_modules,
                           std::size_t committed_changes, const Error& error,
                           TransactionScope scope);

}  // namespace pgpm
