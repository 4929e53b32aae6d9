// Opening a connection without blocking, except for what libpq cannot do otherwise (name
// resolution). The surprising fact: libpq 15 has no way to ask for the SQLSTATE of a refused
// connection, so it is made to write it into its error text (verbose errors), from where it is
// taken out again.
#include "engine/db/connect.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <charconv>

#include "engine/db/conninfo.h"
#include "engine/db/dead_peer.h"
#include "engine/db/sqlstate.h"

namespace pgpm::db {

namespace {

bool is_sqlstate(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

// One line of verbose libpq text, "...FATAL:  3D000: database ...": takes the SQLSTATE out of it.
void take_sqlstate(std::string& line, ServerMessage& message) {
  for (std::size_t at = 0; (at = line.find(":  ", at)) != std::string::npos; ++at) {
    if (line.size() < at + 10 || line.compare(at + 8, 2, ": ") != 0) continue;
    if (!is_sqlstate(std::string_view(line).substr(at + 3, 5))) continue;
    message.sqlstate = line.substr(at + 3, 5);
    line.erase(at + 2, 7);
    message.message = line.substr(at + 3);
    return;
  }
}

constexpr std::string_view location_label = "LOCATION:  ";

// "LOCATION:  InitPostgres, postinit.c:885". libpq's own labels are never translated: nobody calls
// setlocale.
bool take_location(const std::string& line, ServerMessage& message) {
  if (line.compare(0, location_label.size(), location_label) != 0) return false;
  message.routine = line.substr(location_label.size(), line.find(',') - location_label.size());
  return true;
}

struct ConnectFailure {
  std::string text;
  ServerMessage message;
};

ConnectFailure read_failure(const std::string& verbose) {
  ConnectFailure failure;
  for (std::size_t at = 0; at < verbose.size();) {
    const std::size_t end = std::min(verbose.find('\n', at), verbose.size());
    std::string line = verbose.substr(at, end - at);
    at = end + 1;
    if (take_location(line, failure.message)) continue;
    take_sqlstate(line, failure.message);
    failure.text += (failure.text.empty() ? "" : "\n") + line;
  }
  failure.message.severity = "FATAL";
  if (failure.message.message.empty()) failure.message.message = failure.text;
  return failure;
}

std::string hint_without_answer(PGconn* conn) {
  if (libpq().PQconnectionNeedsPassword(conn) != 0)
    return "set PGPASSWORD, or put the password into ~/.pgpass";
  // Without a host it did not come to connecting: the settings contradict themselves.
  const char* host = libpq().PQhost(conn);
  if (host == nullptr || *host == '\0')
    return "check the connection's settings: PG* variables, PGSERVICE and the service file";
  return "check that PostgreSQL runs there, and --host and --port (or PGHOST, PGPORT); or use a "
         "private server of pgpm's own: `--local`";
}

Error connect_error(const Connection::State& state) {
  ConnectFailure failure =
      read_failure(without_secrets(state, libpq().PQerrorMessage(state.conn.get())));
  Error error(ErrorCode::connection, failure.text);
  if (failure.message.sqlstate.empty()) {
    error.hint(hint_without_answer(state.conn.get()));
  } else {
    error.hint(std::string(hint_for(failure.message)));
    error.from_server(failure.message);
  }
  return error;
}

// `connect_timeout` is libpq's, but only its blocking calls obey it.
std::chrono::milliseconds effective_timeout(PGconn* conn, std::chrono::milliseconds timeout) {
  PQconninfoOption* options = libpq().PQconninfo(conn);
  int seconds = 0;
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr;
       ++option)
    if (option->val != nullptr && std::string_view(option->keyword) == "connect_timeout")
      std::from_chars(option->val, option->val + std::string_view(option->val).size(), seconds);
  libpq().PQconninfoFree(options);
  return seconds > 0 ? std::chrono::seconds(seconds) : timeout;
}

void await_step(const Connection::State& state, PostgresPollingStatusType wanted,
                Clock::time_point deadline) {
  const short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
  switch (wait_socket(state, events, deadline)) {
    case Woken::socket:
      return;
    case Woken::stop:
      throw Error(ErrorCode::interrupted, "interrupted while connecting");
    case Woken::deadline:
      break;
  }
  Error error(ErrorCode::connection, "the server did not answer in time");
  throw error.hint(hint_without_answer(state.conn.get()));
}

void start(Connection::State& state, const ConnectionParameters& parameters) {
  state.conn.reset(
      libpq().PQconnectStartParams(parameters.keywords().data(), parameters.values().data(), 1));
  if (!state.conn) throw std::bad_alloc();
  libpq().PQsetErrorVerbosity(state.conn.get(), PQERRORS_VERBOSE);
  if (libpq().PQstatus(state.conn.get()) == CONNECTION_BAD) throw connect_error(state);
}

void poll_until_ready(Connection::State& state, Clock::time_point deadline) {
  PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK) {
    if (state.stop_requested()) throw Error(ErrorCode::interrupted, "interrupted while connecting");
    await_step(state, wanted, deadline);
    wanted = libpq().PQconnectPoll(state.conn.get());
    if (wanted == PGRES_POLLING_FAILED) throw connect_error(state);
  }
}

// Called from libpq's C frames: nothing may be thrown through them.
void receive_notice(void* sink, const PGresult* result) noexcept {
  try {
    const auto& receiver = static_cast<NoticeSink*>(sink)->receiver;
    if (receiver) receiver(server_message(result));
  } catch (
      ...) {  // NOLINT(bugprone-empty-catch): a notice that cannot be shown must not end the run
  }
}

std::unique_ptr<Connection::State> connect_with(const ConnectionParameters& parameters,
                                                const Target& target, std::stop_token stop,
                                                std::chrono::milliseconds timeout) {
  auto state = std::make_unique<Connection::State>();
  state->target = target;
  state->password = parameters.password;
  state->watch(std::move(stop));
  start(*state, parameters);
  libpq().PQsetNoticeReceiver(state->conn.get(), receive_notice, state->notices.get());
  poll_until_ready(*state, Clock::now() + effective_timeout(state->conn.get(), timeout));
  libpq().PQsetErrorVerbosity(state->conn.get(), PQERRORS_DEFAULT);
  libpq().PQsetnonblocking(state->conn.get(), 1);
  return state;
}

}  // namespace

std::unique_ptr<Connection::State> connect(const Target& target, std::stop_token stop,
                                           std::chrono::milliseconds timeout) {
  ConnectionParameters parameters = connection_parameters(target);
  watch_for_dead_server(parameters);
  ConnectionParameters watched = parameters;
  ask_to_watch_for_dead_client(watched);
  try {
    return connect_with(watched, target, stop, timeout);
  } catch (const Error& error) {
    if (!may_have_refused_to_watch(error)) throw;
  }
  return connect_with(parameters, target, std::move(stop), timeout);
}

}  // namespace pgpm::db
