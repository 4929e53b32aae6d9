// What the tests of the ledger share: a database with one, data files, roles, and errors caught as
// values.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "engine/registry/registry.h"
#include "engine/text/file.h"
#include "tests/support/source_dir.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {

class LedgerDatabase : public TestDatabase {
 public:
  LedgerDatabase() { registry::install(connection()); }
};

/// A file below tests/compat.
inline std::string compat_file(const std::string& name) {
  return read_file(source_path("tests/compat/" + name)).value();
}

/// A login role without rights. Declare it before the database it gets rights in: it can be dropped
/// after that only.
class TestRole {
 public:
  explicit TestRole(const std::string& database_tag) : name_("pgpm_role_" + database_tag) {
    db::Connection::open(test_server())
        .exec(fmt::format("DROP ROLE IF EXISTS {0}; CREATE ROLE {0} LOGIN", name_));
  }
  ~TestRole() {
    try {
      db::Connection::open(test_server()).exec("DROP ROLE " + name_);
    } catch (const std::exception&) {
      // A test failed before its database went; the next run drops it first.
    }
  }
  TestRole(const TestRole&) = delete;
  TestRole& operator=(const TestRole&) = delete;

  const std::string& name() const { return name_; }
  db::Connection connect(const TestDatabase& database) const {
    Target target = database.target();
    target.user = name_;
    return db::Connection::open(target);
  }

 private:
  std::string name_;
};

/// The error a call throws, if any.
template <class Call>
std::optional<Error> thrown_by(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

inline void deploy(TestDatabase& database, const registry::DeployRecord& record) {
  database.exec(registry::register_package_sql(record.package));
  database.exec(registry::record_deploy_sql(record));
}

/// "SQLSTATE message" of the statement's error, "" if it succeeds.
inline std::string refusal(db::Connection& connection, const std::string& sql) {
  const std::optional<Error> error = thrown_by([&] { connection.exec(sql); });
  if (!error) return "";
  REQUIRE(error->server());
  return error->server()->sqlstate + " " + error->server()->message;
}

inline registry::DeployRecord record_of(std::string package, std::string change,
                                        std::string hash = std::string(64, 'a')) {
  registry::DeployRecord record;
  record.package = std::move(package);
  record.change = std::move(change);
  record.script_hash = std::move(hash);
  return record;
}

}  // namespace pgpm::tests
