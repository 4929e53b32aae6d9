// How a session project reaches its server: logins, attempts, maintenance databases.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// A database that goes away with the test.
class Absent {
 public:
  explicit Absent(SessionCase& project)
      : name(project.database.name() + "_absent"), connection_(project.database.connection()) {}
  ~Absent() { connection_.exec("DROP DATABASE IF EXISTS " + name); }
  Absent(const Absent&) = delete;
  Absent& operator=(const Absent&) = delete;

  const std::string name;

 private:
  db::Connection& connection_;
};

/// It may make databases, but connect to none of the server's own.
class OneDatabaseRole {
 public:
  explicit OneDatabaseRole(TestDatabase& database)
      : name(database.name() + "_role"), database_(database) {
    database.exec("CREATE ROLE " + name + " LOGIN CREATEDB; ALTER DATABASE " + database.name() +
                  " OWNER TO " + name +
                  "; REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
  }
  ~OneDatabaseRole() {
    database_.exec("GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC; ALTER DATABASE " +
                   database_.name() + " OWNER TO CURRENT_USER; REASSIGN OWNED BY " + name +
                   " TO CURRENT_USER; DROP OWNED BY " + name + "; DROP ROLE " + name);
  }
  OneDatabaseRole(const OneDatabaseRole&) = delete;
  OneDatabaseRole& operator=(const OneDatabaseRole&) = delete;

  const std::string name;

 private:
  TestDatabase& database_;
};

}  // namespace

TEST_CASE("a server that cannot be reached is asked four times, and each miss is told") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  Target nowhere;
  nowhere.host = "127.0.0.1";
  nowhere.port = "1";
  nowhere.database = "x";
  const auto error = project.failure_at(nowhere);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::connection);
  CHECK(project.observer.all<WarningRaised>().size() == 3);
}

TEST_CASE("a missing right is not asked for again") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  Target target = project.database.target();
  target.user = "nobody_of_this_name";
  const auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::connection);
  CHECK(project.observer.all<WarningRaised>().empty());
}

TEST_CASE("each connection has a login of its own") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  const Absent absent(project);
  int logins = 0;
  project.options.fresh_login = [&](const Target& target) {
    Target fresh = target;
    fresh.application = fmt::format("login {}", ++logins);
    return fresh;
  };
  project.deploy("CREATE TABLE t AS SELECT current_setting('application_name') AS a;");
  CHECK(logins == 1);
  CHECK(project.database.query_text("TABLE t") == "login 1");
  project.deploy_to(project.database.target().with_database(absent.name));
  CHECK(logins == 4);  // it is not there; the maintenance database; it is
}

TEST_CASE("databases are made from the maintenance database that is asked for") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  const Absent absent(project);
  const Target target = project.database.target().with_database(absent.name);
  project.options.maintenance_database = "nowhere_at_all";
  const auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->server()->sqlstate == "3D000");
  project.options.maintenance_database = project.database.name();
  CHECK(project.deploy_to(target).database_created);
  CHECK_FALSE(project.deploy_to(target).database_created);
  project.options.database = SessionOptions::Database::overwrite;
  project.options.approve_overwrite = [](const std::string&) { return true; };
  const auto refused = project.failure_at(project.database.target());
  REQUIRE(refused);
  CHECK(refused->code() == ErrorCode::configuration);
  CHECK(project.deploy_to(target).database_created);
}

TEST_CASE(
    "a role that may connect to one database only deploys into it, and makes others from there") {
  SessionCase project({{"deploy.sql", "CREATE TABLE theirs ();"}});
  const Absent absent(project);
  const OneDatabaseRole role(project.database);
  Target target = project.database.target();
  target.user = role.name;
  CHECK_NOTHROW(project.deploy_to(target));
  CHECK(project.database.query_text("SELECT to_regclass('theirs')") == "theirs");
  CHECK(project.failure_at(target.with_database(absent.name))->code() == ErrorCode::connection);
  // The database of the connection string is where others are made from.
  target.dsn = Secret("dbname=" + project.database.name());
  CHECK(project.deploy_to(target.with_database(absent.name)).database_created);
  project.database.exec("DROP DATABASE " + absent.name);
}
