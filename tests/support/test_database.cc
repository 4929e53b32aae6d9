#include "tests/support/test_database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>

#include "tests/support/test_server.h"

namespace pgpm::tests {

namespace {

Target on_server(const std::string& database) {
  Target target = test_server();
  target.database = database;
  target.application = "pgpm test";
  return target;
}

std::string create() {
  static std::atomic<int> created{0};
  const std::string name = fmt::format("pgpm_test_{}_{}", getpid(), ++created);
  db::Connection::open(test_server())
      .exec(fmt::format("CREATE DATABASE {} TEMPLATE template0", name));
  return name;
}

}  // namespace

TestDatabase::TestDatabase()
    : name_(create()), target_(on_server(name_)), connection_(db::Connection::open(target_)) {}

TestDatabase::~TestDatabase() {
  try {
    db::Connection server = db::Connection::open(test_server());
    // WITH (FORCE) is known since PostgreSQL 13; a plain DROP waits for those that were told to go.
    server.exec(fmt::format(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", name_));
    server.exec(fmt::format("DROP DATABASE IF EXISTS {}", name_));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "test database %s was not dropped: %s\n", name_.c_str(), error.what());
  }
}

std::string TestDatabase::query_text(std::string_view sql) {
  const db::Result result = connection_.exec(sql);
  std::string text;
  for (std::size_t row = 0; row < result.rows(); ++row) {
    if (row > 0) text += '\n';
    for (std::size_t column = 0; column < result.columns(); ++column) {
      if (column > 0) text += '|';
      text += result.text(row, column);
    }
  }
  return text;
}

}  // namespace pgpm::tests
