// A database of a test's own, empty, dropped when the test ends.
#pragma once

#include <string>
#include <string_view>

#include "engine/db/connection.h"
#include "pgpm/target.h"

namespace pgpm::tests {

class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  const Target& target() const { return target_; }
  /// An open connection, the same for the whole test.
  db::Connection& connection() { return connection_; }
  /// Another session.
  db::Connection connect() const { return db::Connection::open(target_); }

  void exec(std::string_view sql) { connection_.exec(sql); }
  /// The rows of a query as psql -At prints them: columns joined by '|', rows by a new line, "" for
  /// NULL.
  std::string query_text(std::string_view sql);

 private:
  std::string name_;
  Target target_;
  db::Connection connection_;
};

}  // namespace pgpm::tests
