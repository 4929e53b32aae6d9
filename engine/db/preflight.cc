#include "engine/db/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "engine/db/beside.h"
#include "engine/db/wire.h"

namespace pgpm::db {

namespace {

constexpr int oldest_supported = 110000;
constexpr int first_unknown = 190000;

Error refused(const std::string& reason, std::string remedy) {
  Error error(ErrorCode::refused, reason);
  error.hint(std::move(remedy));
  return error;
}

int backend_pid_on_server(Connection& connection) {
  return static_cast<int>(connection.exec("SELECT pg_catalog.pg_backend_pid()").integer(0, 0));
}

enum class Pooling { session, transaction, statement };

// A second client of the same kind. A pooler that shares server sessions between transactions hands
// it the one we just used, although we are still here; one that shares them between statements
// refuses BEGIN. In session mode neither can happen: at most there is no session left for it.
Pooling pooling_of(Connection& connection) {
  Connection other = open_beside(connection, std::chrono::seconds(10));
  other.give_up_after(std::chrono::seconds(3));
  const int before = backend_pid_on_server(connection);
  try {
    other.exec("BEGIN");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) throw;
    return error.server() ? Pooling::statement : Pooling::session;
  }
  if (backend_pid_on_server(other) == before) return Pooling::transaction;
  return backend_pid_on_server(connection) == before ? Pooling::session : Pooling::transaction;
}

/// As SHOW gives it: a number and the largest unit that makes a whole one. Asking the server for
/// milliseconds would take it, in a new session, as long as all the rest.
std::chrono::milliseconds milliseconds_of(std::string_view shown) {
  struct Unit {
    std::string_view name;
    long milliseconds;
  };
  constexpr std::array<Unit, 5> units{
      {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  long number = 0;
  const auto [end, error] = std::from_chars(shown.data(), shown.data() + shown.size(), number);
  shown.remove_prefix(static_cast<std::size_t>(end - shown.data()));
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& one) { return one.name == shown; });
  if (error != std::errc() || (unit == units.end() && !shown.empty()))
    throw Error(ErrorCode::internal, "the server shows a lock_timeout that is none");
  return std::chrono::milliseconds(number * (unit == units.end() ? 1 : unit->milliseconds));
}

std::chrono::milliseconds lock_timeout_now(Connection& connection) {
  return milliseconds_of(
      connection.exec("SELECT pg_catalog.current_setting('lock_timeout')").text(0, 0));
}

// Whatever RESET ALL returns to in a session that a pooler made, our own settings it is not.
void settle_with_pooler(Connection& connection) {
  const Pooling pooling = pooling_of(connection);
  if (pooling != Pooling::session)
    throw refused(fmt::format("a pooler between here and the server shares its sessions ({} mode)",
                              pooling == Pooling::statement ? "statement" : "transaction"),
                  "connect to the server directly, or through a pooler in session mode");
  connection.repeat_settings();
  connection.state().lock_timeout = lock_timeout_now(connection);
}

void require_writable(const Result& facts) {
  if (facts.boolean(0, 1))
    throw refused("the server is a hot standby: it cannot be written to", "connect to the primary");
  if (facts.text(0, 0) != "off")
    throw refused("the session is read-only",
                  "check default_transaction_read_only of the server, the database and the role");
}

}  // namespace

std::optional<Diagnostic> version_warning(int version) {
  if (version < first_unknown) return std::nullopt;
  return Diagnostic{Severity::warning,
                    {},
                    fmt::format("PostgreSQL {} is newer than this pgpm knows", version / 10000),
                    {},
                    "it will most likely do; look for a newer pgpm if something is odd"};
}

void require_supported(int version, const std::string& shown) {
  if (version < oldest_supported)
    throw refused(fmt::format("PostgreSQL {} is too old", shown),
                  "pgpm needs PostgreSQL 11 or newer");
}

void preflight(Connection& connection, Intent intent) {
  require_supported(connection.server_version(), connection.parameter("server_version"));
  const Result facts = connection.exec(
      "SELECT pg_catalog.current_setting('transaction_read_only'), pg_catalog.pg_is_in_recovery(), "
      "pg_catalog.pg_backend_pid(), pg_catalog.current_setting('lock_timeout')");
  Connection::State& state = connection.state();
  state.server_pid = static_cast<int>(facts.integer(0, 2));
  state.lock_timeout = milliseconds_of(facts.text(0, 3));
  if (intent == Intent::write) require_writable(facts);
  // A pid that differs from the one we were told at connection time means that someone sits in
  // between. Who only reads, and wants no settings of its own, may share sessions.
  const bool pooled = state.server_pid != connection.backend_pid();
  if (pooled && (intent == Intent::write || !state.target.settings.empty()))
    settle_with_pooler(connection);
}

}  // namespace pgpm::db
