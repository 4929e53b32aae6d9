#include "engine/session/deploy_lock.h"

#include <fmt/format.h>

namespace pgpm {

namespace {
constexpr const char* key =
    "pg_catalog.hashtextextended('pgmi.deploy.' || pg_catalog.current_database(), 0)";
}

DeployLock::DeployLock(db::Connection& connection) : connection_(connection) {
  const db::Result taken =
      connection.exec(fmt::format("SELECT pg_catalog.pg_try_advisory_lock({})", key));
  if (taken.boolean(0, 0)) return;
  throw Error(
      ErrorCode::lock_held,
      fmt::format("another session deploy is at work on database \"{}\"", connection.database()))
      .hint("wait for it to finish and try again");
}

DeployLock::~DeployLock() {
  if (!connection_.alive()) return;
  try {
    const db::StopMask mask(connection_);
    if (connection_.transaction_status() != db::TransactionStatus::idle)
      connection_.exec("ROLLBACK");
    connection_.exec(fmt::format("SELECT pg_catalog.pg_advisory_unlock({})", key));
  } catch (...) {  // NOLINT(bugprone-empty-catch): the session's end releases it
  }
}

}  // namespace pgpm
