// The wait loop and the life of a statement on a non-blocking libpq connection. Must not know what
// is being run. While output is pending both directions are waited for: a server that blocks on
// sending us results would never read the rest of what we send it.
#include "engine/db/wire.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "pgpm/target.h"

namespace pgpm::db {

namespace {

constexpr std::chrono::milliseconds first_cancel_pause(200);
constexpr std::chrono::milliseconds longest_cancel_pause(3000);
constexpr std::size_t copy_chunk = 65536;

int remaining_milliseconds(const std::optional<Clock::time_point>& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 3600LL * 1000));
}

struct CancelDeleter {
  void operator()(PGcancel* cancel) const noexcept { libpq().PQfreeCancel(cancel); }
};

// Whether the request arrived does not matter: it is repeated until the statement ends.
void send_cancel(Connection::State& state) {
  const std::unique_ptr<PGcancel, CancelDeleter> cancel(libpq().PQgetCancel(state.conn.get()));
  std::array<char, 256> reason{};
  if (cancel) libpq().PQcancel(cancel.get(), reason.data(), static_cast<int>(reason.size()));
  ++state.cancels;
}

std::chrono::milliseconds cancel_pause(const Connection::State& state) {
  return std::min(first_cancel_pause * state.cancels, longest_cancel_pause);
}

std::optional<Clock::time_point> give_up_time(const Connection::State& state) {
  if (state.limit.count() == 0) return std::nullopt;
  return state.begun + state.limit;
}

// When the wait has to be broken off for something else than input.
std::optional<Clock::time_point> next_interruption(const Connection::State& state) {
  std::optional<Clock::time_point> next = give_up_time(state);
  const auto at = [&](Clock::time_point time) { next = next ? std::min(*next, time) : time; };
  if (state.cancels > 0)
    at(Clock::now() + cancel_pause(state));
  else if (state.vigil.look)
    at(state.next_look);
  return next;
}

void look_around(Connection::State& state) {
  const auto waited =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - state.begun);
  try {
    state.vigil.look(waited);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the statement is still to be read to its end
  }
  state.next_look = Clock::now() + state.vigil.every;
}

// libpq then finds the connection closed, in its own way and at its own time.
void hang_up(const Connection::State& state) {
  ::shutdown(libpq().PQsocket(state.conn.get()), SHUT_RDWR);
}

// Waits for the socket, cancelling the statement as often as it takes once a stop is requested, and
// looking around meanwhile.
void wait_or_cancel(Connection::State& state, short events) {
  for (;;) {
    const Woken woken = wait_socket(state, events, next_interruption(state));
    if (woken == Woken::socket) return;
    const std::optional<Clock::time_point> limit = give_up_time(state);
    if (limit && Clock::now() >= *limit)
      hang_up(state);
    else if (woken == Woken::stop || state.cancels > 0)
      send_cancel(state);
    else
      look_around(state);
  }
}

}  // namespace

Woken wait_socket(const Connection::State& state, short events,
                  std::optional<Clock::time_point> deadline) {
  // A stop wakes once; after the first cancel only its deadline does.
  const int wake = state.cancels == 0 && state.stop.stop_possible() ? state.wake.fd() : -1;
  for (;;) {
    std::array<pollfd, 2> waiting{pollfd{libpq().PQsocket(state.conn.get()), events, 0},
                                  pollfd{wake, POLLIN, 0}};
    const int ready = poll(waiting.data(), waiting.size(), remaining_milliseconds(deadline));
    if (ready < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (ready < 0 || waiting[0].revents != 0) return Woken::socket;
    if (wake >= 0 && state.stop_requested()) return Woken::stop;
    if (deadline && Clock::now() >= *deadline) return Woken::deadline;
    // No socket any more: poll ignores it, libpq says why.
    if (waiting[0].fd < 0) return Woken::socket;
  }
}

bool is_lost(const Connection::State& state) {
  return !state.conn || libpq().PQstatus(state.conn.get()) != CONNECTION_OK;
}

bool begin_statement(Connection::State& state) {
  state.cancels = 0;
  state.begun = Clock::now();
  state.next_look = state.begun + state.vigil.every;
  return !is_lost(state) && !state.stop_requested();
}

bool flush(Connection::State& state) {
  for (;;) {
    const int pending = libpq().PQflush(state.conn.get());
    if (pending == 0) return true;
    if (pending < 0) return false;
    wait_or_cancel(state, POLLIN | POLLOUT);
    if (libpq().PQconsumeInput(state.conn.get()) == 0) return false;
  }
}

bool await_input(Connection::State& state) {
  wait_or_cancel(state, POLLIN);
  return libpq().PQconsumeInput(state.conn.get()) != 0;
}

Result next_result(Connection::State& state) {
  // When input fails, libpq turns that into an error result.
  while (libpq().PQisBusy(state.conn.get()) != 0)
    if (!await_input(state)) break;
  return Result(libpq().PQgetResult(state.conn.get()), state.notices);
}

void drain_results(Connection::State& state) {
  while (const Result result = next_result(state)) {
    const ExecStatusType status = libpq().PQresultStatus(result.raw());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_BOTH)
      refuse_copy(state, "unexpected COPY");
    else if (status == PGRES_COPY_OUT)
      drain_copy(state);
  }
}

bool put_copy(Connection::State& state, std::string_view data) {
  PGconn* conn = state.conn.get();
  while (!data.empty()) {
    const std::string_view chunk = data.substr(0, copy_chunk);
    const int sent = libpq().PQputCopyData(conn, chunk.data(), static_cast<int>(chunk.size()));
    if (sent < 0) return false;
    if (sent > 0) data.remove_prefix(chunk.size());
    // Flushing after each chunk keeps libpq's buffer from growing to the size of the data.
    if (!flush(state)) return false;
    if (state.cancels > 0) {
      refuse_copy(state, "interrupted");
      return false;
    }
  }
  return true;
}

bool end_copy(Connection::State& state) {
  return libpq().PQputCopyEnd(state.conn.get(), nullptr) > 0 && flush(state);
}

bool feed_copy(Connection::State& state, std::string_view data) {
  return put_copy(state, data) && end_copy(state);
}

void refuse_copy(Connection::State& state, const char* reason) {
  if (libpq().PQputCopyEnd(state.conn.get(), reason) > 0) flush(state);
}

void drain_copy(Connection::State& state) {
  for (;;) {
    char* row = nullptr;
    const int got = libpq().PQgetCopyData(state.conn.get(), &row, 1);
    if (row != nullptr) libpq().PQfreemem(row);
    if (got < 0) return;
    if (got == 0 && !await_input(state)) return;
  }
}

std::string without_secrets(const Connection::State& state, std::string text) {
  if (!state.password.empty())
    for (std::size_t at = 0; (at = text.find(state.password, at)) != std::string::npos; at += 3)
      text.replace(at, state.password.size(), "***");
  return redact(std::move(text));
}

ServerMessage failure_message(const Connection::State& state, const Result& result) {
  ServerMessage message;
  if (result) message = server_message(result.raw());
  if (message.message.empty()) message.message = libpq().PQerrorMessage(state.conn.get());
  while (!message.message.empty() && message.message.back() == '\n') message.message.pop_back();
  if (message.severity.empty()) message.severity = "FATAL";
  // Only libpq's own texts can quote connection settings; the server's are the author's business.
  if (message.sqlstate.empty()) message.message = without_secrets(state, message.message);
  return message;
}

}  // namespace pgpm::db
