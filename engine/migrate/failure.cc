#include "engine/migrate/failure.h"

#include <fmt/format.h>

#include "engine/db/sqlstate.h"
#include "engine/migrate/sentence.h"
#include "engine/registry/registry.h"

namespace pgpm {

namespace {

std::string what_failed(const FailedUnit& failed) {
  const std::string name =
      failed.change.empty() ? "module " + failed.module : failed.module + ":" + failed.change;
  switch (failed.part) {
    case FailedUnit::Part::script:
      return fmt::format("{} script of {} failed",
                         failed.action == Action::revert ? "revert" : "deploy", name);
    case FailedUnit::Part::verify:
      return fmt::format("Verification failed for {}", name);
    case FailedUnit::Part::ledger:
      return fmt::format("recording {} in the ledger failed", name);
    case FailedUnit::Part::extension:
      return fmt::format("creating the extensions of {} failed", failed.module);
    case FailedUnit::Part::commit:
      return fmt::format("COMMIT of module {} failed", failed.module);
  }
  return {};
}

ErrorCode code_of(const db::BatchFailure& failure, const FailedUnit& failed) {
  if (failure.interrupted) return ErrorCode::interrupted;
  if (failure.lost_connection) return ErrorCode::connection;
  const ErrorCode code = db::error_code(failure.message.sqlstate, db::Cancelled::not_by_us);
  if (code == ErrorCode::timed_out || code == ErrorCode::connection) return code;
  return failed.part == FailedUnit::Part::verify ? ErrorCode::verification_failed : ErrorCode::sql;
}

/// What the commits that were answered have made durable, "" if there were none.
std::string committed(const std::vector<std::string>& modules, std::size_t changes,
                      TransactionScope scope) {
  if (modules.empty()) return {};
  if (changes == 0)
    return fmt::format("no change was made, but the extensions of {} were created",
                       sentence_list(modules));
  const bool one = changes == 1;
  const std::string what =
      fmt::format("{} change{} of {} {} committed and {}", changes, one ? "" : "s",
                  sentence_list(modules), one ? "is" : "are", one ? "stays" : "stay");
  return scope == TransactionScope::none ? what : what + "; everything after was rolled back";
}

}  // namespace

Error failure_error(const db::BatchFailure& failure, const FailedUnit& failed) {
  const ErrorCode code = code_of(failure, failed);
  const std::string what = code == ErrorCode::interrupted ? "interrupted" : what_failed(failed);
  const std::string why =
      code == ErrorCode::interrupted ? std::string() : ": " + failure.message.message;
  Error error(code, what + why);
  if (failure.where) error.at(*failure.where, failure.source_line);
  error.from_server(failure.message);
  if (!failed.change.empty()) {
    error.add_context(fmt::format("change {} of module {}", failed.change, failed.module));
  }
  return error;
}

void record_failed(db::Connection& connection, const Error& error, const FailedUnit& failed,
                   long run_id) {
  if (failed.change.empty() || !connection.alive()) return;
  if (error.code() == ErrorCode::verification_failed) {
    registry::record_failure(connection, Action::verify, failed.module, failed.change,
                             "Verification failed for " + failed.change, "VERIFICATION_FAILED",
                             run_id);
    return;
  }
  const std::string message = error.server() ? error.server()->message : std::string(error.what());
  const std::string code =
      error.server() ? error.server()->sqlstate : std::string(error_code_name(error.code()));
  registry::record_failure(connection, failed.action, failed.module, failed.change, message, code,
                           run_id);
}

std::string describe_state(const std::vector<std::string>& committed_modules,
                           std::size_t committed_changes, const Error& error,
                           TransactionScope scope) {
  const bool in_doubt = error.code() == ErrorCode::connection;
  std::string state = committed(committed_modules, committed_changes, scope);
  if (!error.database_state().empty())
    state += (state.empty() ? "" : "; ") + error.database_state();
  if (state.empty())
    state = in_doubt ? "nothing was committed that we know of" : "nothing was changed";
  if (!in_doubt) return state;
  return state +
         "; the connection was lost: what was not committed is rolled back by the server, a COMMIT "
         "under way may have gone through (see `pgpm status`)";
}

std::string describe_settled(const Settled& settled, const Error& error, TransactionScope scope) {
  std::string state = "the connection was lost; the ledger, asked anew, says: ";
  if (settled.changes == settled.all)
    state += fmt::format("all {} change{} of the run {} committed, nothing is left to do",
                         settled.all, settled.all == 1 ? "" : "s", settled.all == 1 ? "is" : "are");
  else if (settled.changes == 0)
    state += "none of the run's changes is committed";
  else
    state += committed(settled.modules, settled.changes, scope);
  if (!error.database_state().empty()) state += "; " + error.database_state();
  return state;
}

}  // namespace pgpm
