#include "engine/migrate/doubt.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "engine/db/beside.h"
#include "engine/registry/registry.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A server looks every second for clients that are gone (engine/db/dead_peer.h), and comes back
// from a crash within a few.
constexpr std::chrono::seconds patience{10};
constexpr milliseconds between_looks{50};

bool has_ended(db::Connection& connection, int pid) {
  const db::Result sessions =
      connection.exec(fmt::format("SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity"
                                  " WHERE pid OPERATOR(pg_catalog.=) {}",
                                  pid));
  return sessions.integer(0, 0) == 0;
}

/// nullopt: not yet.
std::optional<Standing> look(db::Connection& lost, long run_id) {
  db::Connection connection = db::open_beside(lost, patience);
  if (!has_ended(connection, db::server_pid(lost))) return std::nullopt;
  Standing standing;
  for (const auto& [module, changes] : registry::changes_of_run(connection, run_id)) {
    standing.changes += changes;
    standing.modules.push_back(module);
  }
  return standing;
}

}  // namespace

std::optional<Standing> ask_what_stands(db::Connection& lost, long run_id) {
  for (const auto deadline = Clock::now() + patience; Clock::now() < deadline;) {
    try {
      if (auto standing = look(lost, run_id)) return standing;
    } catch (const Error& error) {
      const bool may_come_back = error.code() == ErrorCode::connection;
      if (!may_come_back) return std::nullopt;
    }
    std::this_thread::sleep_for(between_looks);
  }
  return std::nullopt;
}

}  // namespace pgpm
