#include "engine/db/beside.h"

#include "engine/db/wire.h"

namespace pgpm::db {

namespace {

std::string or_empty(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

Connection open_beside(Connection& connection, std::chrono::milliseconds timeout) {
  const Connection::State& state = connection.state();
  Target same = state.target;
  same.host = or_empty(libpq().PQhost(state.conn.get()));
  same.port = or_empty(libpq().PQport(state.conn.get()));
  same.address = or_empty(libpq().PQhostaddr(state.conn.get()));
  same.database = or_empty(libpq().PQdb(state.conn.get()));
  same.application += ", second session";
  return Connection::open(same, state.stop, timeout);
}

int server_pid(Connection& connection) {
  Connection::State& state = connection.state();
  if (state.server_pid == 0)
    state.server_pid =
        static_cast<int>(connection.exec("SELECT pg_catalog.pg_backend_pid()").integer(0, 0));
  return state.server_pid;
}

std::chrono::milliseconds lock_timeout(Connection& connection) {
  return connection.state().lock_timeout;
}

}  // namespace pgpm::db
