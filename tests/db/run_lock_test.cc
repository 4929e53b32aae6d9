// The run lock between sessions: held, waited for, handed over, interrupted.
#include <catch2/catch.hpp>
#include <thread>

#include "engine/db/advisory_lock.h"
#include "tests/support/test_database.h"

using namespace pgpm;
using namespace std::chrono_literals;
using pgpm::tests::TestDatabase;

namespace {

db::Connection session(const TestDatabase& database, const std::string& application) {
  Target target = database.target();
  target.application = application;
  return db::Connection::open(target);
}

}  // namespace

TEST_CASE("a held run lock is reported with its holder", "[run_lock]") {
  TestDatabase database;
  db::Connection first = session(database, "pgpm deploy");
  const db::RunLock lock = db::RunLock::acquire(first, 0ms, {});
  db::Connection second = session(database, "pgpm revert");
  try {
    db::RunLock::acquire(second, 0ms, {});
    FAIL("the lock was given twice");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::lock_held);
    const std::string text = error.what();
    CHECK(text.find("pid " + std::to_string(first.backend_pid())) != std::string::npos);
    CHECK(text.find("pgpm deploy") != std::string::npos);
    CHECK(text.find(first.user()) != std::string::npos);
    CHECK(text.find(database.name()) != std::string::npos);
  }
}

TEST_CASE("the run lock survives a rolled back transaction and ends with its owner", "[run_lock]") {
  TestDatabase database;
  db::Connection first = session(database, "pgpm deploy");
  db::Connection second = session(database, "pgpm deploy");
  {
    const db::RunLock lock = db::RunLock::acquire(first, 0ms, {});
    first.exec("BEGIN");
    CHECK_THROWS_AS(first.exec("SELECT 1/0"), Error);
    first.exec("ROLLBACK");
    CHECK_THROWS_AS(db::RunLock::acquire(second, 0ms, {}), Error);
  }
  CHECK_NOTHROW(db::RunLock::acquire(second, 0ms, {}));
}

TEST_CASE("other databases have their own run lock", "[run_lock]") {
  TestDatabase one;
  TestDatabase other;
  const db::RunLock lock = db::RunLock::acquire(one.connection(), 0ms, {});
  CHECK_NOTHROW(db::RunLock::acquire(other.connection(), 0ms, {}));
}

TEST_CASE("a waiter is told who holds the lock, again when that changes, and gets it",
          "[run_lock]") {
  TestDatabase database;
  db::Connection waiter = session(database, "pgpm deploy");
  auto first = std::make_unique<db::Connection>(session(database, "pgpm revert"));
  auto second = std::make_unique<db::Connection>(session(database, "somebody else"));
  const std::string lock_sql = "SELECT pg_advisory_lock(" + std::to_string(db::RunLock::key_class) +
                               ", " + std::to_string(db::RunLock::key_object) + ")";
  first->exec(lock_sql);
  std::vector<LockWaiting> told;
  const db::RunLock lock = db::RunLock::acquire(waiter, 1h, [&](const LockWaiting& holder) {
    told.push_back(holder);
    if (told.size() == 1) {
      // Hands over before the waiter asks again.
      first->exec("SELECT pg_advisory_unlock_all()");
      second->exec(lock_sql);
    } else {
      second.reset();
    }
  });
  REQUIRE(told.size() == 2);
  CHECK(told[0].pid == first->backend_pid());
  CHECK(told[0].application == "pgpm revert");
  CHECK(told[0].command == "revert");
  CHECK(told[0].user == waiter.user());
  CHECK(told[0].since.size() == std::string("2024-01-15T10:00:00Z").size());
  CHECK(told[1].application == "somebody else");
  CHECK(told[1].command.empty());
}

TEST_CASE("a stop ends the waiting", "[run_lock]") {
  TestDatabase database;
  const db::RunLock lock = db::RunLock::acquire(database.connection(), 0ms, {});
  db::Connection waiter = session(database, "pgpm deploy");
  std::stop_source source;
  waiter.set_stop(source.get_token());
  try {
    db::RunLock::acquire(waiter, 1h, [&](const LockWaiting&) { source.request_stop(); });
    FAIL("the lock was given twice");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::interrupted);
  }
}

TEST_CASE("a waiter whose session is terminated finds out", "[run_lock]") {
  TestDatabase database;
  const db::RunLock lock = db::RunLock::acquire(database.connection(), 0ms, {});
  db::Connection waiter = session(database, "pgpm deploy");
  try {
    db::RunLock::acquire(waiter, 1h, [&](const LockWaiting&) {
      database.exec("SELECT pg_terminate_backend(" + std::to_string(waiter.backend_pid()) + ")");
    });
    FAIL("the lock was given twice");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::connection);
  }
}

TEST_CASE("a waiter does not hold a snapshot", "[run_lock]") {
  TestDatabase database;
  const db::RunLock lock = db::RunLock::acquire(database.connection(), 0ms, {});
  db::Connection waiter = session(database, "pgpm deploy");
  std::stop_source source;
  waiter.set_stop(source.get_token());
  std::thread waiting([&] {
    try {
      db::RunLock::acquire(waiter, 1h, {});
    } catch (const Error&) {  // by the stop below
    }
  });
  database.exec("CREATE TABLE t (a int)");
  // Waits for every transaction that could still see the table without the index.
  database.exec("CREATE INDEX CONCURRENTLY i ON t (a)");
  source.request_stop();
  waiting.join();
  CHECK(database.query_text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") ==
        "t");
}
