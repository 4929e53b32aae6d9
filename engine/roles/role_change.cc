#include "engine/roles/role_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "engine/db/commit.h"
#include "engine/db/pauses.h"
#include "engine/roles/refusal.h"
#include "engine/text/digest.h"

namespace pgpm::roles {

namespace {

using std::chrono::milliseconds;

constexpr int most_attempts = 25;
constexpr milliseconds first_pause(5);
constexpr milliseconds longest_pause(500);
constexpr int lock_class = 0x7067726f;  // "pgro"

std::int32_t lock_object(const std::string& text) {
  const std::string digest = sha256_hex(text);
  std::uint32_t number = 0;
  std::from_chars(digest.data(), digest.data() + 8, number, 16);
  return static_cast<std::int32_t>(number);
}

void roll_back(db::Connection& connection) {
  if (!connection.alive()) return;
  const db::StopMask mask(connection);
  try {
    connection.exec("ROLLBACK");
  } catch (
      const Error&) {  // NOLINT(bugprone-empty-catch): the reason for rolling back is the error
  }
}

void execute(db::Connection& connection, const Statement& statement) {
  try {
    connection.exec(statement.sql);
  } catch (Error& error) {
    error.add_context(statement.purpose);
    throw;
  }
}

// READ COMMITTED, so that what is read after waiting for the lock is what the holder left behind.
RolesReport attempt(db::Connection& connection, const RoleChange& change) {
  connection.exec("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  try {
    connection.exec(fmt::format("SELECT pg_catalog.pg_advisory_xact_lock({}, {})", lock_class,
                                lock_object(change.lock)));
    const Decision decision = change.decide(read_cluster(connection, change.roles));
    for (const Statement& statement : decision.statements) execute(connection, statement);
    db::commit(connection);
    return decision.report;
  } catch (...) {
    roll_back(connection);
    throw;
  }
}

}  // namespace

bool is_collision(const ServerMessage& message) {
  for (const char* state : {"42710", "23505", "42704", "40P01", "40001"})
    if (message.sqlstate == state) return true;
  // "tuple concurrently updated" has no code of its own, but it is raised here only. DROP ROLE of
  // 16 and later, which looks a role up twice: "could not find tuple for role" the second time.
  return message.sqlstate == "XX000" &&
         (message.routine == "simple_heap_update" || message.routine == "simple_heap_delete" ||
          message.routine == "DropRole");
}

RolesReport run(db::Connection& connection, const RoleChange& change, std::stop_token stop) {
  db::Pauses pauses(first_pause, longest_pause, static_cast<unsigned>(connection.backend_pid()));
  for (int number = 1;; ++number) {
    try {
      return attempt(connection, change);
    } catch (Error& error) {
      const bool is_final = !error.server() || !is_collision(*error.server());
      if (is_final || number == most_attempts) throw explain(connection, error);
    }
    db::wait_out(pauses.next(), stop);
  }
}

}  // namespace pgpm::roles
