// What a rollback to a savepoint takes back and what it does not, and that pgpm test names the
// latter (field M11: a test that leaks is named).
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "pgpm/sql_test.h"
#include "tests/support/fixtures.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// A module with one table and a sequence, deployed; its tests are written by the test case.
class Tested : public Workshop {
 public:
  Tested() {
    add_module("app", {{"users",
                        "CREATE TABLE users (name text); CREATE SEQUENCE counter; "
                        "CREATE SEQUENCE \"Odd one\";",
                        "DROP TABLE users; DROP SEQUENCE counter, \"Odd one\";", ""}});
    deploy();
  }
  void test(const std::string& file, const std::string& text) {
    write("packages/app/__tests__/" + file, text);
  }
  RunReport run(const SqlTestOptions& options = {}) {
    observer.events.clear();
    return run_sql_tests(load(), target(), options, observer, {});
  }
  /// "file: message" of every finding, in order.
  std::string findings() const {
    std::string text;
    for (const CheckFinished& check : observer.all<CheckFinished>())
      for (const Diagnostic& finding : check.findings)
        text += check.name.substr(std::string("__tests__/").size()) + ": " + finding.message + "\n";
    return text;
  }
};

}  // namespace

TEST_CASE("role, settings, notifications, cursors and temporary objects do not leak") {
  Tested app;
  app.test("a_moves.sql", R"(
CREATE ROLE pgpm_test_leak; SET ROLE pgpm_test_leak; RESET ROLE;
SET SESSION AUTHORIZATION pgpm_test_leak; RESET SESSION AUTHORIZATION;
SET work_mem = '7MB'; SELECT set_config('app.who', 'me', false), set_config('search_path', 'x', false);
SET TIME ZONE 'Asia/Tokyo'; LISTEN heard; NOTIFY heard, 'x';
DECLARE c CURSOR WITH HOLD FOR SELECT 1; SELECT lo_create(4242); CREATE TEMP TABLE t (i int);
SET CONSTRAINTS ALL DEFERRED; SET ROLE pgpm_test_leak;)");
  app.test("b_sees.sql", R"(
DO $$ BEGIN
  ASSERT current_user = session_user, 'role';
  ASSERT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pgpm_test_leak'), 'role made';
  ASSERT current_setting('work_mem') <> '7MB', 'setting';
  ASSERT coalesce(current_setting('app.who', true), '') = '', 'own setting';
  ASSERT current_setting('search_path') <> 'x', 'search_path';
  ASSERT current_setting('TimeZone') <> 'Asia/Tokyo', 'zone';
  ASSERT NOT EXISTS (SELECT FROM pg_listening_channels()), 'listen';
  ASSERT NOT EXISTS (SELECT FROM pg_cursors WHERE name = 'c'), 'cursor';
  ASSERT NOT EXISTS (SELECT FROM pg_largeobject_metadata WHERE oid = 4242), 'large object';
  ASSERT to_regclass('pg_temp.t') IS NULL, 'temporary table';
END $$;)");
  db::Connection listener = app.database.connect();
  listener.exec("LISTEN heard");
  const RunReport report = app.run();
  CHECK(report.done == 2);
  CHECK(app.findings().empty());
}

TEST_CASE("a sequence that gave out numbers is named, with its numbers") {
  Tested app;
  app.test("a.sql", "SELECT nextval('counter'), nextval('counter'), nextval('\"Odd one\"');");
  app.test("b.sql", "SELECT setval('counter', 40);");
  app.test("c.sql",
           "CREATE SEQUENCE own; SELECT nextval('own'); ALTER SEQUENCE counter RESTART 9;");
  app.test("d.sql", "CREATE TEMP SEQUENCE t; SELECT nextval('t');");
  app.run();
  CHECK(app.findings() ==
        "a.sql: leaves behind sequence public.\"Odd one\", which was unused and went to 1\n"
        "a.sql: leaves behind sequence public.counter, which was unused and went to 2\n"
        "b.sql: leaves behind sequence public.counter, which went from 2 to 40\n");
}

TEST_CASE("a session lock is named and released, however often it was taken") {
  Tested app;
  app.test("a.sql",
           "SELECT pg_advisory_lock(42, -7), pg_advisory_lock(42, -7), pg_advisory_lock(-5), "
           "pg_advisory_lock_shared(6), pg_advisory_xact_lock(9);");
  app.test("b.sql",
           "SELECT 1/(SELECT (count(*) = 0)::int FROM pg_locks WHERE locktype = 'advisory' "
           "AND pid = pg_backend_pid());");
  const RunReport report = app.run();
  CHECK(report.done == 2);
  CHECK(app.findings() ==
        "a.sql: leaves behind advisory lock (-5), which is still held\n"
        "a.sql: leaves behind advisory lock (42, -7), which is still held\n"
        "a.sql: leaves behind advisory lock (6, shared), which is still held\n");
}

TEST_CASE("a prepared statement is named and deallocated") {
  Tested app;
  app.test("a.sql", "PREPARE \"My plan\" AS SELECT 1;");
  app.test("b.sql", "PREPARE \"My plan\" AS SELECT 2;");
  const RunReport report = app.run();
  CHECK(report.done == 2);
  CHECK(app.findings() ==
        "a.sql: leaves behind prepared statement \"My plan\"\n"
        "b.sql: leaves behind prepared statement \"My plan\"\n");
}

TEST_CASE("a connection that dblink opened is named and closed") {
  Tested app;
  app.database.exec("CREATE EXTENSION dblink");
  const Target& target = app.database.target();
  app.test("a.sql",
           fmt::format("SELECT dblink_connect('it''s', 'host={} port={} user={} dbname={}');",
                       target.host, target.port, target.user, target.database));
  app.test("b.sql", "DO $$ BEGIN ASSERT dblink_get_connections() IS NULL; END $$;");
  const RunReport report = app.run();
  CHECK(report.done == 2);
  CHECK(app.findings() == "a.sql: leaves behind dblink connection it's, which is still open\n");
}

TEST_CASE("a connection that dblink cannot open fails its test, not the run") {
  Tested app;
  app.database.exec("CREATE EXTENSION dblink");
  app.test("a.sql", "SELECT dblink_connect('x', 'host=/nowhere');");
  app.test("b.sql", "SELECT 1;");
  CHECK(error_of([&] { app.run(); }).code() == ErrorCode::verification_failed);
  CHECK(app.observer.all<CheckFinished>().size() == 2);
}

TEST_CASE("a fixture's leaks are its own, and its tests still have them") {
  Tested app;
  app.test("_setup.sql",
           "PREPARE p AS SELECT 1; SELECT nextval('counter'), pg_advisory_lock(3), "
           "pg_advisory_xact_lock(4);");
  app.test("a.sql", "EXECUTE p;");
  const RunReport report = app.run();
  CHECK(report.done == 2);
  CHECK(app.findings() ==
        "_setup.sql: leaves behind sequence public.counter, which was unused and went to 1\n"
        "_setup.sql: leaves behind prepared statement p\n");
  const auto warnings = app.observer.all<WarningRaised>();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].diagnostic.message ==
        "a fixture of app leaves behind advisory lock (3), which is still held");
}

TEST_CASE("a failed test's leaks are named as well") {
  Tested app;
  app.test("a.sql", "SELECT nextval('counter'); SELECT 1/0;");
  CHECK(error_of([&] { app.run(); }).code() == ErrorCode::verification_failed);
  CHECK(app.findings() ==
        "a.sql: division by zero\n"
        "a.sql: leaves behind sequence public.counter, which was unused and went to 1\n");
}

TEST_CASE("leaks are failures if the run is strict") {
  Tested app;
  app.test("a.sql", "SELECT nextval('counter');");
  app.test("b.sql", "SELECT 1;");
  SqlTestOptions options;
  options.strict = true;
  const Error error = error_of([&] { app.run(options); });
  CHECK(error.code() == ErrorCode::verification_failed);
  const auto checks = app.observer.all<CheckFinished>();
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].verdict == Verdict::failed);
  CHECK(checks[0].findings.at(0).severity == Severity::error);
  CHECK(checks[1].verdict == Verdict::passed);
}
