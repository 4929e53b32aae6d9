// Databases as a whole, and the look at a server before writing to it.
#include "engine/db/admin.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

#include "engine/db/preflight.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

using namespace pgpm;
using pgpm::tests::test_server;
using pgpm::tests::TestDatabase;

namespace {

Target named(const std::string& name) {
  Target target = test_server();
  target.database = name + std::to_string(getpid());
  return target;
}

}  // namespace

TEST_CASE("a database is created once and dropped with its sessions", "[admin]") {
  const Target target = named("pgpm_ad\"min ä_");
  REQUIRE_FALSE(db::database_exists(target, {}));
  CHECK(db::create_database(target, {}));
  CHECK(db::database_exists(target, {}));
  CHECK_FALSE(db::create_database(target, {}));
  db::Connection user = db::Connection::open(target);
  db::drop_database(target, {});
  CHECK_FALSE(db::database_exists(target, {}));
  CHECK_THROWS_AS(user.exec("SELECT 1"), Error);
  CHECK_NOTHROW(db::drop_database(target, {}));
}

TEST_CASE("of many who create a database at once, one did", "[admin]") {
  const Target target = named("pgpm_race_");
  std::atomic<int> created{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      try {
        created += db::create_database(target, {}) ? 1 : 0;
      } catch (const std::exception&) {
        ++failed;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(created == 1);
  CHECK(failed == 0);
  db::drop_database(target, {});
}

TEST_CASE("the database's name is found as libpq finds it", "[admin]") {
  tests::clean_environment();
  Target target;
  target.user = "somebody";
  CHECK(db::database_name(target) == "somebody");
  setenv("PGDATABASE", "from_environment", 1);
  CHECK(db::database_name(target) == "from_environment");
  target.dsn = Secret("postgresql://u:pw@nowhere/from%20dsn");
  CHECK(db::database_name(target) == "from dsn");
  target.database = "explicit";
  CHECK(db::database_name(target) == "explicit");
  target.database = "postgresql:///from_name";
  CHECK(db::database_name(target) == "from_name");
  unsetenv("PGDATABASE");
  CHECK(db::database_name(target) == "from_name");
}

TEST_CASE("a service file is obeyed", "[admin]") {
  char file[] = "/tmp/pgpm-service-XXXXXX";
  const int fd = mkstemp(file);
  REQUIRE(fd >= 0);
  const std::string text = "[shop]\ndbname=from_service\noptions=-c work_mem=3MB\n";
  REQUIRE(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  close(fd);
  setenv("PGSERVICEFILE", file, 1);
  Target target;
  target.dsn = Secret("service=shop");
  CHECK(db::database_name(target) == "from_service");
  unsetenv("PGSERVICEFILE");
  unlink(file);
}

TEST_CASE("a database given as connection string can be created", "[admin]") {
  if (std::getenv("PGPM_TEST_DSN") != nullptr) return;  // needs host and port by themselves
  Target target;
  const Target& server = test_server();
  target.database = "host=" + server.host + " port=" + server.port + " user=" + server.user +
                    " dbname=pgpm_dsn_" + std::to_string(getpid());
  CHECK(db::create_database(target, {}));
  CHECK(db::database_exists(target, {}));
  db::drop_database(target, {});
  CHECK_FALSE(db::database_exists(target, {}));
}

TEST_CASE("what cannot be written to is refused before writing", "[preflight]") {
  TestDatabase database;
  CHECK_NOTHROW(db::preflight(database.connection(), db::Intent::write));
  database.exec("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
  db::Connection connection = database.connect();
  CHECK_NOTHROW(db::preflight(connection, db::Intent::read));
  try {
    db::preflight(connection, db::Intent::write);
    FAIL("a read-only session was accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::refused);
    CHECK(error.hint().find("default_transaction_read_only") != std::string::npos);
  }
}
