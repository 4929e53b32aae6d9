// A libpq connection with one wait loop. Non-blocking throughout: every wait polls the socket and a
// wake-up eventfd against a deadline, so a stop request cancels the server's statement at once
// (reference: libpq docs 34.4, 34.7). One thread at a time; movable, not copyable. libpq-fe.h is
// not included here.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/db/result.h"
#include "pgpm/error.h"
#include "pgpm/target.h"

namespace pgpm::db {

/// A parameter of query(): text or NULL. Text format, types inferred by the server (cast in SQL).
using Param = std::optional<std::string>;

enum class TransactionStatus { idle, active, in_transaction, in_error, unknown };

class Connection {
 public:
  /// Connects (honouring stop). client_encoding is UTF8, application_name the target's, `settings`
  /// start-up options. Throws Error(connection) with the server's or libpq's text, secrets
  /// redacted; Error(interrupted) on stop.
  static Connection open(const Target& target, std::stop_token stop = {},
                         std::chrono::milliseconds timeout = std::chrono::seconds(30));
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Simple protocol: any number of statements; returns the last result. COPY statements are
  /// refused (drained). Throws Error(sql) with server(), Error(connection) if it was lost,
  /// Error(interrupted) after a cancelled statement.
  Result exec(std::string_view sql);
  /// The same, returning the result of every statement in order. `seen` is told each as it
  /// arrives, while the server works on the next; a later one may still fail. It must not throw.
  using ResultSeen = std::function<void(const Result&)>;
  std::vector<Result> exec_all(std::string_view sql, const ResultSeen& seen = {});
  /// One statement with parameters ($1, $2, ...; extended protocol).
  Result query(std::string_view sql, const std::vector<Param>& params = {});

  TransactionStatus transaction_status() const;
  bool alive() const;
  int backend_pid() const;
  int server_version() const;  ///< e.g. 150018
  std::string database() const;
  std::string user() const;
  std::string host() const;
  /// A start-up parameter the server reported, "" if it did not.
  std::string parameter(const char* name) const;

  /// SET statements that RESET ALL must be followed by, where the session's settings are not ones
  /// it returns to: a pooler in between has made the session, not we. Empty otherwise.
  const std::vector<std::string>& settings_after_reset() const;
  /// From now on the session counts as such a one: the target's settings are made here and now.
  void repeat_settings();

  /// Notices of running statements go here (structured). Returns the former receiver; {} discards.
  using NoticeReceiver = std::function<void(const ServerMessage&)>;
  NoticeReceiver on_notice(NoticeReceiver receiver);

  /// While a statement keeps us waiting, `look` is called every so often with the time that has
  /// passed since it was sent. It must not use this connection; what it throws is lost. {} ends it.
  using Look = std::function<void(std::chrono::milliseconds waited)>;
  void while_waiting(std::chrono::milliseconds every, Look look);
  /// From now on a statement that is not answered within `limit` ends the connection: for sessions
  /// that nobody wants to wait for. 0 = no limit.
  void give_up_after(std::chrono::milliseconds limit);

  /// The stop that interrupts waits from now on. While masked, stop requests are ignored: for roll
  /// back and for recording a failure after an interrupt.
  void set_stop(std::stop_token stop);

  struct State;  // defined in connection.cc / wire.h
  State& state() { return *state_; }

 private:
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Ignores stop requests for as long as it lives: clean-up after an interrupt must reach the
/// server.
class StopMask {
 public:
  explicit StopMask(Connection& connection);
  ~StopMask();
  StopMask(const StopMask&) = delete;
  StopMask& operator=(const StopMask&) = delete;

 private:
  Connection& connection_;
  std::stop_token saved_;
};

}  // namespace pgpm::db
