#include "tests/support/login_role.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>

#include "engine/db/connection.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {

namespace {

void on_server(const std::string& sql) {
  db::Connection::open(test_server()).exec(sql);
}

}  // namespace

LoginRole::LoginRole() {
  static std::atomic<int> created{0};
  name_ = fmt::format("pgpm_test_role_{}_{}", getpid(), ++created);
  on_server(fmt::format("CREATE ROLE {} LOGIN", name_));
}

LoginRole::~LoginRole() {
  try {
    on_server(fmt::format("DROP ROLE {}", name_));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "test role %s was not dropped: %s\n", name_.c_str(), error.what());
  }
}

}  // namespace pgpm::tests
