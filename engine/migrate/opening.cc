#include "engine/migrate/opening.h"

#include "engine/db/preflight.h"
#include "engine/migrate/early_connection.h"
#include "engine/migrate/provenance.h"
#include "engine/registry/rights.h"

namespace pgpm {

db::Connection open_for_reading(const Target& target, std::stop_token stop) {
  db::Connection connection = db::Connection::open(target, std::move(stop));
  db::preflight(connection, db::Intent::read);
  return connection;
}

Target with_limits(const Target& target, const RunOptions& options) {
  Target limited = target;
  if (!options.lock_timeout.empty())
    limited.settings.emplace_back("lock_timeout", options.lock_timeout);
  if (!options.statement_timeout.empty()) {
    limited.settings.emplace_back("statement_timeout", options.statement_timeout);
  }
  return limited;
}

db::Connection open_for_writing(const Target& target, const RunOptions& options,
                                std::stop_token stop) {
  if (options.early && options.early->is_there()) return options.early->take(std::move(stop));
  db::Connection connection = db::Connection::open(with_limits(target, options), std::move(stop));
  db::preflight(connection, db::Intent::write);
  return connection;
}

db::RunLock take_run_lock(db::Connection& connection, const RunOptions& options,
                          Observer& observer) {
  return db::RunLock::acquire(connection, options.lock_wait,
                              [&](const LockWaiting& holder) { observer.on_event(holder); });
}

RunRow::RunRow(db::Connection& connection, const std::string& command, const RunOptions& options,
               const std::vector<std::string>& modules)
    : connection_(connection) {
  registry::RunRecord record;
  record.command = command;
  record.command_line = options.command_line;
  record.tool_version = options.tool_version;
  record.git_commit = git_commit(options.work_dir);
  record.client_host = client_host();
  record.client_user = client_user();
  record.modules = modules;
  try {
    id_ = registry::start_run(connection, record);
  } catch (const Error& error) {
    throw Error(registry::explain_denied_writing(connection, error));
  }
}

RunRow::~RunRow() {
  if (open_) finish(Outcome::failed);
}

void RunRow::finish(Outcome outcome, const std::string& error_code) {
  if (!open_) return;
  open_ = false;
  if (!connection_.alive()) return;
  const db::StopMask mask(connection_);
  try {
    if (connection_.transaction_status() != db::TransactionStatus::idle)
      connection_.exec("ROLLBACK");
    registry::finish_run(connection_, id_, outcome, error_code);
  } catch (const Error&) {
    // The changes are what counts; a run without an end is shown as one whose end is not known.
  }
}

}  // namespace pgpm
