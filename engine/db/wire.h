// The inside of a Connection, shared by the files that talk to libpq: its state, the one wait loop,
// and the steps of a statement's life (begin, send, results, end). Nothing here throws for what the
// server says; callers look at results. The surprising fact: after a stop the cancel request is
// repeated until the server gives in, because one that arrives between two statements is ignored by
// it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/db/connection.h"
#include "engine/db/libpq.h"
#include "engine/db/result.h"
#include "engine/db/wake_up.h"

namespace pgpm::db {

using Clock = std::chrono::steady_clock;

struct ConnectionDeleter {
  void operator()(PGconn* connection) const noexcept { libpq().PQfinish(connection); }
};

/// Where the notices of a connection go. Results point at it too, so it may outlive the connection.
struct NoticeSink {
  Connection::NoticeReceiver receiver;
};

/// Somebody who wants to look around while a statement keeps us waiting.
struct Vigil {
  std::chrono::milliseconds every{0};
  Connection::Look look;
};

struct Connection::State {
  std::shared_ptr<NoticeSink> notices = std::make_shared<NoticeSink>();
  std::unique_ptr<PGconn, ConnectionDeleter> conn;
  WakeUp wake;
  std::stop_token stop;
  std::optional<std::stop_callback<WakeOnStop>> on_stop;
  std::vector<std::string> after_reset;
  Target target;         ///< what was asked for, to open a second session like it
  std::string password;  ///< never shown; kept to take it out of messages of others
  int cancels = 0;       ///< cancel requests sent for the running statement
  int server_pid = 0;    ///< as the server itself says, which a pooler does not know; 0 = not asked
  std::chrono::milliseconds lock_timeout{0};  ///< the session's, if preflight() asked; 0 = none
  Vigil vigil;                                ///< without a look there is none
  std::chrono::milliseconds limit{0};         ///< for a statement's whole life; 0 = none
  Clock::time_point begun;                    ///< the running statement
  Clock::time_point next_look;

  void watch(std::stop_token token);
  bool stop_requested() const { return stop.stop_requested(); }
};

enum class Woken { socket, stop, deadline };

/// Waits until the connection's socket has one of poll's `events` (or an error, which libpq then
/// finds), a stop is requested, or the deadline passes. Interrupted system calls go on with the
/// time that is left.
Woken wait_socket(const Connection::State& state, short events,
                  std::optional<Clock::time_point> deadline);

/// Starts a statement: forgets former cancels. False if a stop was requested already or the
/// connection is gone.
bool begin_statement(Connection::State& state);
/// Sends what libpq has buffered, taking in what the server says meanwhile. False if the connection
/// is lost.
bool flush(Connection::State& state);
/// Waits for input and takes it in; on a stop, asks the server to cancel and waits on. False if the
/// connection is lost.
bool await_input(Connection::State& state);
/// The next result of the running statement, empty after the last.
Result next_result(Connection::State& state);
/// Reads and drops everything up to the end of the running statement.
void drain_results(Connection::State& state);

/// COPY FROM STDIN: sends some of the data in chunks. False if the connection was lost or a stop
/// ended it.
bool put_copy(Connection::State& state, std::string_view data);
/// COPY FROM STDIN: that was all of it. False if the connection was lost.
bool end_copy(Connection::State& state);
/// Both: `data` is all there is.
bool feed_copy(Connection::State& state, std::string_view data);
/// COPY FROM STDIN nobody has data for: fails it with this reason.
void refuse_copy(Connection::State& state, const char* reason);
/// COPY TO STDOUT: reads and drops the rows.
void drain_copy(Connection::State& state);

bool is_lost(const Connection::State& state);
/// The message of a failed result, or libpq's if the server gave none.
ServerMessage failure_message(const Connection::State& state, const Result& result);
/// Takes this connection's password and everything that looks like one out of a text.
std::string without_secrets(const Connection::State& state, std::string text);

}  // namespace pgpm::db
