#include "tests/support/named_sessions.h"

#include <chrono>
#include <thread>

namespace pgpm::tests {

Target named(const TestDatabase& database, const std::string& application) {
  Target target = database.target();
  target.application = application;
  return target;
}

std::string sessions_left(TestDatabase& database, const std::string& application) {
  const std::string question =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application + "'";
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (database.query_text(question) != "0" && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return database.query_text(question);
}

}  // namespace pgpm::tests
