// pgpm test on a real server: who sees whose rows, where a failure is, what is told.
#include "pgpm/sql_test.h"

#include <catch2/catch.hpp>
#include <stop_token>
#include <thread>

#include "tests/support/fixtures.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

constexpr const char* expect_rows =
    "DO $$ BEGIN IF (SELECT string_agg(name, ' ' ORDER BY name) FROM users) IS DISTINCT FROM '";

/// A test that wants exactly these rows.
std::string expecting(const std::string& names) {
  return expect_rows + names +
         "' THEN RAISE EXCEPTION 'there are %', (SELECT string_agg(name, ' ' "
         "ORDER BY name) FROM users); END IF; END $$;\n";
}
std::string adding(const std::string& name) {
  return "INSERT INTO users VALUES ('" + name + "');\n";
}

class SqlTested : public Workshop {
 public:
  explicit SqlTested(const std::string& change = "CREATE TABLE users (name text);") {
    add_module("app", {{"users", change, "DROP TABLE users;", ""}});
  }
  void test(const std::string& file, const std::string& text) {
    write("packages/app/__tests__/" + file, text);
  }
  RunReport run(const SqlTestOptions& options = {}) {
    observer.events.clear();
    return run_sql_tests(load(), target(), options, observer, stop.get_token());
  }
  /// "file verdict message" of every check, in order.
  std::string verdicts() const {
    std::string text;
    for (const CheckFinished& check : observer.all<CheckFinished>())
      text += check.name.substr(std::string("__tests__/").size()) + " " +
              verdict_name(check.verdict) + (check.message.empty() ? "" : " ") + check.message +
              "\n";
    return text;
  }
  CheckFinished check(const std::string& file) const {
    for (const CheckFinished& check : observer.all<CheckFinished>())
      if (check.name == "__tests__/" + file) return check;
    FAIL("no check of " << file);
    return {};
  }

  std::stop_source stop;
};

}  // namespace

TEST_CASE("each test sees its fixtures and nothing of other tests, and nothing stays") {
  SqlTested app;
  app.deploy();
  app.test("_setup.sql", "COPY users FROM STDIN;\nroot\n\\.\n");
  app.test("a.sql", expecting("root") + adding("a"));
  app.test("b.sql", expecting("root") + adding("b"));
  app.test("in/_setup.sql", expecting("root") + adding("in"));
  app.test("in/a.sql", expecting("in root") + adding("x"));
  app.test("in/deep/a.sql", expecting("in root") + adding("y"));
  app.test("next/a.sql", expecting("root"));
  const RunReport report = app.run();
  CHECK(app.verdicts() ==
        "_setup.sql passed\na.sql passed\nb.sql passed\nin/_setup.sql passed\nin/a.sql passed\n"
        "in/deep/a.sql passed\nnext/a.sql passed\n");
  CHECK(report.done == 7);
  CHECK(app.query("SELECT count(*) FROM users") == "0");
  CHECK(app.query("SELECT count(*) FROM pgpm_migrate.runs") == "1");
}

TEST_CASE("checks are told in pairs, between the run's start and end") {
  SqlTested app;
  app.deploy();
  app.test("_setup.sql", "SELECT 1;");
  app.test("a.sql", "SELECT 1/0;");
  CHECK(error_of([&] { app.run(); }).code() == ErrorCode::verification_failed);
  CHECK(app.observer.names() ==
        std::vector<std::string>{"run_started", "module_started", "check_started", "check_finished",
                                 "check_started", "check_finished", "run_finished"});
  CHECK(app.observer.all<RunStarted>()[0].checks == 2);
  const RunFinished finished = app.observer.all<RunFinished>()[0];
  CHECK(finished.outcome == Outcome::failed);
  CHECK(finished.done == 1);
  CHECK(finished.failed == 1);
}

TEST_CASE("a failure has its place in the file, its line and what the server said") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "-- é\nSELECT 1;\n/* é */ SELECT nope FROM users;\n");
  app.test("b.sql",
           "DO $$ BEGIN RAISE EXCEPTION 'too few' USING DETAIL = 'only 2', HINT = 'add'; "
           "END $$;");
  app.test("c.sql", "SELECT 1;\nSELEC 2;\n");
  app.test("d.sql", "COPY users FROM STDIN;\nx\ty\n\\.\n");
  app.test("e.sql", expecting("") + "");
  CHECK(error_of([&] { app.run(); }).code() == ErrorCode::verification_failed);
  const CheckFinished a = app.check("a.sql");
  REQUIRE(a.findings.size() == 1);
  CHECK(a.findings[0].where.line == 3);
  CHECK(a.findings[0].where.column == 16);
  CHECK(a.findings[0].source_line == "/* é */ SELECT nope FROM users;");
  CHECK(a.findings[0].where.file.ends_with("packages/app/__tests__/a.sql"));
  CHECK(a.code == ErrorCode::verification_failed);
  CHECK(a.server.sqlstate == "42703");
  const CheckFinished b = app.check("b.sql");
  CHECK(b.message == "too few");
  CHECK(b.server.detail == "only 2");
  CHECK(b.server.hint == "add");
  CHECK(b.server.context.find("RAISE") != std::string::npos);
  CHECK(app.check("c.sql").findings.at(0).where.line == 2);
  CHECK(app.check("d.sql").findings.at(0).where.line == 2);
}

TEST_CASE("a failed test spoils nothing for the ones behind it") {
  SqlTested app;
  app.deploy();
  app.test("_setup.sql", adding("root"));
  app.test("a.sql", adding("a") + "SELECT 1/0;");
  app.test("b.sql", "SELEC;");
  app.test("c.sql", expecting("root"));
  app.test("in/a.sql", expecting("root"));
  const Error error = error_of([&] { app.run(); });
  CHECK(std::string(error.what()) == "2 of 5 tests failed");
  CHECK(app.verdicts() ==
        "_setup.sql passed\na.sql failed division by zero\nb.sql failed syntax error at or near "
        "\"SELEC\"\nc.sql passed\nin/a.sql passed\n");
}

TEST_CASE("tests that need a failed fixture are skipped, others run") {
  SqlTested app;
  app.deploy();
  app.test("in/_setup.sql", adding("in") + "SELECT 1/0;");
  app.test("in/a.sql", "SELECT 1;");
  app.test("in/deep/_setup.sql", "SELECT 1;");
  app.test("in/deep/a.sql", "SELECT 1;");
  app.test("next/a.sql", expecting("") + "SELECT 1/(SELECT (count(*) = 0)::int FROM users);");
  app.test("next/b.sql", "SELECT 1;");
  CHECK(error_of([&] { app.run(); }).code() == ErrorCode::verification_failed);
  const std::string skipped = "skipped needs __tests__/in/_setup.sql, which failed\n";
  CHECK(app.verdicts() == "in/_setup.sql failed division by zero\nin/a.sql " + skipped +
                              "in/deep/_setup.sql " + skipped + "in/deep/a.sql " + skipped +
                              "next/a.sql failed there are <NULL>\nnext/b.sql passed\n");
}

TEST_CASE("after the first failure the rest is skipped if that is wanted") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "SELECT 1/0;");
  app.test("b.sql", "SELECT 1;");
  SqlTestOptions options;
  options.fail_fast = true;
  CHECK(error_of([&] { app.run(options); }).code() == ErrorCode::verification_failed);
  CHECK(app.verdicts() ==
        "a.sql failed division by zero\nb.sql skipped another test failed before\n");
}

TEST_CASE("a pattern is a regular expression of the server, matched anywhere in the path") {
  SqlTested app;
  app.deploy();
  app.test("_setup.sql", "SELECT 1;");
  app.test("a.sql", "SELECT 1/0;");
  app.test("in/test_b.sql", "SELECT 1;");
  SqlTestOptions options;
  options.pattern = "/test_[[:alpha:]]\\.sql$";
  CHECK(app.run(options).done == 2);
  options.pattern = "^\\./__tests__/in/";
  CHECK(app.run(options).done == 2);
  options.pattern = "IN";
  Error error = error_of([&] { app.run(options); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(app.observer.events.empty());
  options.pattern = "(";
  error = error_of([&] { app.run(options); });
  CHECK(error.code() == ErrorCode::usage);
  CHECK(std::string(error.what()) == "Invalid regex pattern: (");
}

TEST_CASE("files that cannot be tests are refused before anything runs, all of them") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "SELECT 1;\nCOMMIT;\nSELECT 2;\n");
  app.test("b.sql", "CREATE INDEX CONCURRENTLY i ON users (name);");
  app.test("c.sql", "-- pgpm: no-transaction\nSELECT 1;");
  app.test("d.sql", "\\i x.sql\n");
  app.test("e.sql", "SAVEPOINT pgpm_tests;");
  const Error error = error_of([&] { app.run(); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(error.diagnostics().size() == 5);
  CHECK(error.diagnostics().at(0).where.line == 2);
  CHECK(error.diagnostics().at(1).message == "this statement cannot run in a test");
  CHECK(app.observer.all<CheckStarted>().empty());
}

TEST_CASE("an outer transaction, as pgTAP files have it, is left out") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "BEGIN;\n" + adding("a") + "ROLLBACK;\n");
  app.test("b.sql", "BEGIN;\n" + adding("a") + "SAVEPOINT s; SELECT 1; ROLLBACK TO s;\nCOMMIT;\n");
  CHECK(app.run().done == 2);
  CHECK(app.query("SELECT count(*) FROM users") == "0");
}

TEST_CASE("tests of a module that is not deployed are skipped") {
  SqlTested app;
  app.test("a.sql", "SELECT 1;");
  const RunReport report = app.run();
  CHECK(report.skipped == 1);
  CHECK(app.verdicts() == "a.sql skipped nothing of app is deployed here\n");
}

TEST_CASE("no tests is no failure") {
  SqlTested app;
  app.deploy();
  const RunReport report = app.run();
  CHECK(report.done + report.skipped + report.failed == 0);
  CHECK(app.observer.all<RunFinished>().size() == 1);
}

TEST_CASE("a stop ends the run where it is, in pairs") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "SELECT pg_sleep(600);");
  app.test("b.sql", "SELECT 1;");
  const Onlooker onlooker(app.database, sleeping,
                          [&](db::Connection&, int) { app.stop.request_stop(); });
  CHECK(error_of([&] { app.run(); }).code() == ErrorCode::interrupted);
  CHECK(app.observer.all<CheckStarted>().size() == 1);
  CHECK(app.verdicts().starts_with("a.sql skipped"));
  CHECK(app.observer.all<RunFinished>().at(0).outcome == Outcome::interrupted);
}

TEST_CASE("what a test raises is told with its name") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "DO $$ BEGIN RAISE NOTICE 'hello'; END $$;");
  app.run();
  const auto notices = app.observer.all<NoticeRaised>();
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].module == "app");
  CHECK(notices[0].change == "__tests__/a.sql");
  CHECK(notices[0].message.message == "hello");
}

TEST_CASE("deploy with tests commits what passes them") {
  SqlTested app;
  app.test("_setup.sql", adding("root"));
  app.test("a.sql", expecting("root"));
  DeployOptions options;
  options.test = true;
  app.deploy(options);
  CHECK(app.deployed() == "app:users");
  CHECK(app.query("SELECT count(*) FROM users") == "0");
  CHECK(app.verdicts() == "_setup.sql passed\na.sql passed\n");
}

TEST_CASE("deploy with a failing test leaves the database as it was, modules before it stay") {
  SqlTested app;
  app.add_module("late", {{"more", "CREATE TABLE more ();", "DROP TABLE more;", ""}}, "app");
  app.test("a.sql", "SELECT 1;");
  app.write("packages/late/__test__/a.sql", "SELECT * FROM more;\nSELECT 1/0;");
  DeployOptions options;
  options.test = true;
  Error error = error_of([&] { app.deploy(options); });
  CHECK(error.code() == ErrorCode::verification_failed);
  CHECK(app.deployed() == "app:users");
  CHECK_FALSE(app.has("more"));
  CHECK(app.query("SELECT outcome FROM pgpm_migrate.runs") == "failed");
  CHECK(app.observer.all<RolledBack>().size() == 1);
}

TEST_CASE("in one transaction for the run, a failing test takes all of it back") {
  SqlTested app;
  app.add_module("late", {{"more", "CREATE TABLE more ();", "DROP TABLE more;", ""}}, "app");
  app.test("a.sql", "SELECT * FROM more;");  // what comes later in the run is there
  app.write("packages/late/__test__/a.sql", "SELECT 1/0;");
  DeployOptions options;
  options.test = true;
  options.scope = TransactionScope::run;
  const Error error = error_of([&] { app.deploy(options); });
  CHECK(std::string(error.what()) == "1 of 1 test failed");
  CHECK(app.deployed().empty());
  CHECK_FALSE(app.has("users"));
}

TEST_CASE("only what a deploy brings forward is tested") {
  SqlTested app;
  app.deploy();
  app.test("a.sql", "SELECT 1/0;");
  DeployOptions options;
  options.test = true;
  app.deploy(options);
  CHECK(app.observer.all<CheckFinished>().empty());
}

TEST_CASE("a deploy is refused for tests that cannot run, before the first write") {
  SqlTested app;
  app.test("a.sql", "COMMIT;");
  DeployOptions options;
  options.test = true;
  CHECK(error_of([&] { app.deploy(options); }).code() == ErrorCode::configuration);
  CHECK_FALSE(app.has_ledger());
  options.scope = TransactionScope::change;
  CHECK(error_of([&] { app.deploy(options); }).code() == ErrorCode::usage);
  options.scope = TransactionScope::module;
  options.log_only = true;
  CHECK(error_of([&] { app.deploy(options); }).code() == ErrorCode::usage);
}

TEST_CASE("a deploy with tests where there are none says so") {
  SqlTested app;
  DeployOptions options;
  options.test = true;
  app.deploy(options);
  std::string warnings;
  for (const WarningRaised& warning : app.observer.all<WarningRaised>())
    warnings += warning.diagnostic.message + "\n";
  CHECK(warnings.find("module app has no tests: nothing was tested") != std::string::npos);
}
