#include "engine/db/preflight.h"

#include <fmt/format.h>

#include "engine/db/beside.h"
#include "engine/db/wire.h"

namespace pgpm::db {

namespace {

constexpr int oldest_supported = 110000;

Error refused(const std::string& reason, std::string remedy) {
  Error error(ErrorCode::refused, reason);
  error.hint(std::move(remedy));
  return error;
}

int backend_pid_on_server(Connection& connection) {
  return static_cast<int>(connection.exec("SELECT pg_catalog.pg_backend_pid()").integer(0, 0));
}

// Poolers that share server sessions between statements refuse this.
bool opens_transaction(Connection& connection) {
  try {
    connection.exec("BEGIN");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) throw;
    return false;
  }
  return true;
}

// A pooler that shares server sessions between transactions hands the one we just used to a second
// client of the same kind, although we are still here. In session mode it cannot.
bool shares_sessions(Connection& connection) {
  Connection other = open_beside(connection, std::chrono::seconds(10));
  const int before = backend_pid_on_server(connection);
  if (!opens_transaction(other)) return true;
  const bool same = backend_pid_on_server(other) == before;
  const bool moved = backend_pid_on_server(connection) != before;
  other.exec("ROLLBACK");
  return same || moved;
}

}  // namespace

void preflight(Connection& connection, Intent intent) {
  if (connection.server_version() < oldest_supported)
    throw refused(fmt::format("PostgreSQL {} is too old", connection.parameter("server_version")),
                  "pgpm needs PostgreSQL 11 or newer");
  const Result facts = connection.exec(
      "SELECT pg_catalog.current_setting('transaction_read_only')::boolean, "
      "pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(), "
      "(1000 * EXTRACT(epoch FROM pg_catalog.current_setting('lock_timeout')::interval))::bigint");
  connection.state().server_pid = static_cast<int>(facts.integer(0, 2));
  connection.state().lock_timeout = std::chrono::milliseconds(facts.integer(0, 3));
  if (intent == Intent::read) return;
  if (facts.boolean(0, 1))
    throw refused("the server is a hot standby: it cannot be written to", "connect to the primary");
  if (facts.boolean(0, 0))
    throw refused("the session is read-only",
                  "check default_transaction_read_only of the server, the database and the role");
  // A pid that differs from the one we were told at connection time means that someone sits in
  // between.
  if (facts.integer(0, 2) != connection.backend_pid() && shares_sessions(connection))
    throw refused("a pooler between here and the server shares its sessions (transaction mode)",
                  "connect to the server directly, or through a pooler in session mode");
}

}  // namespace pgpm::db
