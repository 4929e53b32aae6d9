// The run lock: one deploy, revert or baseline per database at a time. A session-level advisory
// lock, polled with pg_try_advisory_lock because a blocking waiter would hold a snapshot and stall
// the holder's CREATE INDEX CONCURRENTLY.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "engine/db/connection.h"
#include "pgpm/event.h"

namespace pgpm::db {

/// Held until destroyed (or the connection ends). The connection must outlive it.
class RunLock {
 public:
  /// The key, in every database: pg_try_advisory_lock(key_class, key_object). "pgpm" as bytes, and
  /// the run lock's number.
  static constexpr int key_class = 0x7067706d;
  static constexpr int key_object = 1;
  using OnWaiting = std::function<void(const LockWaiting&)>;
  /// Throws Error(lock_held) naming the holder when `wait` has passed.
  static RunLock acquire(Connection& connection, std::chrono::milliseconds wait,
                         const OnWaiting& on_waiting);
  RunLock(RunLock&&) noexcept;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

 private:
  explicit RunLock(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace pgpm::db
