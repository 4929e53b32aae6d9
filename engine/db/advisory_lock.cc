// Waiting for the run lock, and naming who has it. Must not know what runs do. Others' sessions
// show less to a role without pg_read_all_stats: their start is unknown then, their pid and name
// are not.
#include "engine/db/advisory_lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/db/pauses.h"
#include "engine/db/wire.h"

namespace pgpm::db {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause(50);
constexpr milliseconds longest_pause(1000);
// Who holds it is asked less often than whether it is free: that reads the locks and sessions of
// the whole server, which the holder has better use for.
constexpr milliseconds holder_known_for(1000);

bool try_lock(Connection& connection) {
  return connection
      .exec(fmt::format("SELECT pg_catalog.pg_try_advisory_lock({}, {})", RunLock::key_class,
                        RunLock::key_object))
      .boolean(0, 0);
}

// Two-key locks have objsubid 2. What the role may not see of others' sessions comes back as NULL.
std::optional<LockWaiting> find_holder(Connection& connection) {
  // The view pg_stat_activity would read every session, and two more catalogs.
  const Result found = connection.exec(fmt::format(
      "SELECT l.pid, pg_catalog.pg_get_userbyid(a.usesysid), a.application_name, "
      "pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
      "FROM pg_catalog.pg_locks AS l "
      "LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(l.pid) AS a ON true "
      "WHERE l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.granted "
      "AND l.objsubid OPERATOR(pg_catalog.=) 2 AND l.classid OPERATOR(pg_catalog.=) {} "
      "AND l.objid OPERATOR(pg_catalog.=) {} AND l.database OPERATOR(pg_catalog.=) "
      "(SELECT d.oid FROM pg_catalog.pg_database AS d "
      "WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())",
      RunLock::key_class, RunLock::key_object));
  if (found.rows() == 0) return std::nullopt;
  LockWaiting holder;
  holder.pid = static_cast<int>(found.integer(0, 0));
  holder.user = found.str(0, 1);
  holder.application = found.str(0, 2);
  holder.since = found.str(0, 3);
  constexpr std::string_view ours = "pgpm ";
  if (holder.application.compare(0, ours.size(), ours) == 0)
    holder.command = holder.application.substr(ours.size());
  return holder;
}

Error held(const Connection& connection, const std::optional<LockWaiting>& holder) {
  std::string text =
      fmt::format("another run is at work on database \"{}\"", connection.database());
  if (holder) {
    text += fmt::format(": pid {}", holder->pid);
    if (!holder->user.empty()) text += fmt::format(", user {}", holder->user);
    if (!holder->application.empty()) text += fmt::format(", {}", holder->application);
    if (!holder->since.empty()) text += fmt::format(", connected since {}", holder->since);
  }
  Error error(ErrorCode::lock_held, text);
  error.hint("wait for it to finish, or wait longer with --lock-wait");
  return error;
}

}  // namespace

RunLock RunLock::acquire(Connection& connection, milliseconds wait, const OnWaiting& on_waiting) {
  const Clock::time_point deadline = Clock::now() + wait;
  Pauses pauses(first_pause, longest_pause, static_cast<unsigned>(connection.backend_pid()));
  std::optional<LockWaiting> holder;
  Clock::time_point asked_until;
  int told = 0;
  while (!try_lock(connection)) {
    const Clock::time_point now = Clock::now();
    if (now >= asked_until || now >= deadline) {
      holder = find_holder(connection);
      asked_until = now + holder_known_for;
    }
    if (now >= deadline) throw held(connection, holder);
    if (holder && holder->pid != told && on_waiting) on_waiting(*holder);
    if (holder) told = holder->pid;
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    wait_out(connection,
             std::clamp(pauses.next(), milliseconds(0), std::max(left, milliseconds(0))));
  }
  return RunLock(connection);
}

RunLock::RunLock(RunLock&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

RunLock::~RunLock() {
  if (connection_ == nullptr || !connection_->alive()) return;
  try {
    const StopMask mask(*connection_);
    connection_->exec(
        fmt::format("SELECT pg_catalog.pg_advisory_unlock({}, {})", key_class, key_object));
  } catch (...) {  // NOLINT(bugprone-empty-catch): the session's end releases it
  }
}

}  // namespace pgpm::db
