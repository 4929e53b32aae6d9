#include "engine/migrate/lock_limit.h"

#include "engine/db/beside.h"

namespace pgpm {

namespace {

/// In milliseconds.
long limit_now(db::Connection& connection) {
  return connection
      .exec(
          "SELECT setting FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) "
          "'lock_timeout'")
      .integer(0, 0);
}

}  // namespace

LockLimit::LockLimit(db::Connection& connection, const sql::Footprint& footprint)
    : connection_(connection) {
  const bool idle = connection.transaction_status() == db::TransactionStatus::idle;
  const long session = db::lock_timeout(connection).count();
  if (session == 0 || !idle || !sql::waits_for_transactions(footprint)) return;
  if (limit_now(connection) != session) return;
  former_ = std::to_string(session);
  connection_.exec("SET lock_timeout = 0");
}

LockLimit::~LockLimit() {
  if (former_.empty() || !connection_.alive()) return;
  try {
    const db::StopMask mask(connection_);
    connection_.exec("SET lock_timeout = " + former_);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the connection went, and its settings with it
  }
}

}  // namespace pgpm
