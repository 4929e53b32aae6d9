#include "tests/support/onlooker.h"

#include <fmt/format.h>

#include <chrono>

namespace pgpm::tests {

const char* const sleeping = "wait_event = 'PgSleep'";
const char* const blocked = "wait_event_type = 'Lock' AND wait_event = 'advisory'";

Onlooker::Onlooker(const TestDatabase& database, std::string condition,
                   std::function<void(db::Connection&, int pid)> act)
    : thread_([&database, condition = std::move(condition),
               act = std::move(act)](std::stop_token stop) {
        db::Connection connection = database.connect();
        connection.set_stop(std::move(stop));
        try {
          act(connection, wait_for(connection, condition));
        } catch (const Error& error) {
          if (error.code() != ErrorCode::interrupted) throw;
        }
      }) {}

int Onlooker::wait_for(db::Connection& connection, const std::string& condition) {
  while (true) {
    const db::Result found = connection.exec(fmt::format(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND {}", condition));
    if (found.rows() > 0) return static_cast<int>(found.integer(0, 0));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void terminate(db::Connection& connection, int pid) {
  connection.exec(fmt::format("SELECT pg_terminate_backend({})", pid));
}

}  // namespace pgpm::tests
