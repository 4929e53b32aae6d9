// Connecting to a server that is not there for a moment: it restarts, its slots are taken, the
// network hiccups. Only connecting is tried again, never a statement.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

#include "engine/db/connection.h"

namespace pgpm::db {

/// A failure to connect that another attempt may not meet: refused, reset or unreachable, a server
/// that starts or stops, too many connections. Not: passwords, missing databases, certificates,
/// names that nobody knows, and servers that did not answer within the whole limit.
bool is_transient(const Error& failure);

struct ConnectRetries {
  int most = 3;
  std::chrono::milliseconds first_pause{100};  ///< doubled each time, give or take a tenth
  std::chrono::milliseconds longest_pause = std::chrono::minutes(1);
};
/// Before the pause that precedes attempt `next`, counted from 1.
using ConnectMissed = std::function<void(const Error& failure, int next)>;

/// What `open` returns, trying again while its failures are transient. Throws the last failure, or
/// Error(interrupted) if a stop comes during a pause.
Connection open_patiently(const std::function<Connection()>& open, const ConnectRetries& retries,
                          const std::stop_token& stop, const ConnectMissed& missed);

}  // namespace pgpm::db
