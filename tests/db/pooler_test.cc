// PgBouncer between here and the server, in each of its modes.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/support/fixtures.h"
#include "tests/support/pooler.h"
#include "tests/support/process.h"
#include "tests/support/session_case.h"
#include "tests/support/test_server.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

void require_pooler() {
  if (!Pooler::is_installed())
    skip_all("PgBouncer is not installed (third_party/install.sh pooler)");
}

}  // namespace

TEST_CASE("poolers that share sessions are refused, with the reason") {
  require_pooler();
  Workshop shop;
  add_simple(shop);
  const std::string mode = GENERATE("transaction", "statement");
  const int pool_size = GENERATE(1, 20);
  const std::string more = GENERATE("", "ignore_startup_parameters = options");
  CAPTURE(mode, pool_size, more);
  const Pooler pooler(shop.target(), mode, pool_size, more);
  DeployOptions options;
  options.lock_timeout = "5s";
  const Error error = error_of(
      [&] { deploy(shop.load(), pooler.target(shop.target()), options, shop.observer, {}); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK_THAT(error.what(), Catch::Contains(mode + " mode"));
  CHECK_THAT(error.hint(), Catch::Contains("session mode"));
  CHECK_FALSE(shop.has_ledger());
  CHECK(shop.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0");
}

TEST_CASE("a pooler in session mode will do, settings and all") {
  require_pooler();
  Workshop shop;
  const int pool_size = GENERATE(1, 20);
  const std::string more = GENERATE("", "ignore_startup_parameters = options");
  CAPTURE(pool_size, more);
  const Pooler pooler(shop.target(), "session", pool_size, more);
  shop.add_module("m", {{"a", "SET lock_timeout = 0; RESET ALL; CREATE TABLE a ();",
                         "DROP TABLE a;", "TABLE a;"},
                        {"b [a]",
                         "CREATE TABLE b AS SELECT current_setting('lock_timeout') AS l, "
                         "current_setting('application_name') AS a, "
                         "current_setting('client_encoding') AS e;",
                         "DROP TABLE b;", "TABLE b;"}});
  const Target through = pooler.target(shop.target());
  DeployOptions options;
  options.lock_timeout = "7s";
  options.scope = TransactionScope::change;
  CHECK(deploy(shop.load(), through, options, shop.observer, {}).done == 2);
  CHECK(shop.query("TABLE b") == "7s|pgpm test|UTF8");
  RevertOptions all = revert_all();
  all.lock_timeout = "7s";
  CHECK(revert(shop.load(), through, all, shop.observer, {}).done == 2);
  CHECK(shop.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0");
}

TEST_CASE("behind a pooler, blockers are named and the run lock works") {
  require_pooler();
  Workshop shop;
  shop.query("CREATE TABLE busy ()");
  shop.add_module("m", {{"alter", "ALTER TABLE busy ADD x int;", "", ""}});
  const Pooler pooler(shop.target(), "session");
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; TABLE busy");
  DeployOptions options;
  options.lock_timeout = "300ms";
  options.retry_for = {};
  const Error error = error_of(
      [&] { deploy(shop.load(), pooler.target(shop.target()), options, shop.observer, {}); });
  CHECK(error.code() == ErrorCode::timed_out);
  const auto misses = shop.observer.all<LockMissed>();
  REQUIRE(misses.size() == 1);
  REQUIRE(misses[0].blockers.size() == 1);
  CHECK(misses[0].blockers[0].pid == reader.backend_pid());
}

TEST_CASE("a session project is refused where sessions are shared, before anything is touched") {
  require_pooler();
  SessionCase project({{"deploy.sql", "CREATE TABLE never ();"}});
  const std::string mode = GENERATE("transaction", "statement");
  const int pool_size = GENERATE(1, 20);
  CAPTURE(mode, pool_size);
  const Pooler pooler(project.database.target(), mode, pool_size);
  const Target through = pooler.target(project.database.target());
  project.database.exec("CREATE TABLE kept ()");
  project.options.approve_overwrite = [](const std::string&) { return true; };
  for (const auto how :
       {SessionOptions::Database::create_if_missing, SessionOptions::Database::overwrite}) {
    project.options.database = how;
    const Error error = error_of([&] {
      deploy_session(load_session_project(project.tree.root()), through, project.options,
                     project.observer, {});
    });
    CHECK(error.code() == ErrorCode::refused);
    CHECK_THAT(error.what(), Catch::Contains(mode + " mode"));
    CHECK_THAT(error.hint(), Catch::Contains("session mode"));
  }
  CHECK(project.database.query_text("SELECT to_regclass('never') IS NULL, to_regclass('kept')") ==
        "t|kept");
  ProcessOptions command;
  command.command = {std::getenv("PGPM_TEST_BINARY"),
                     "session",
                     "deploy",
                     project.tree.root().string(),
                     "--connection",
                     "Host=" + through.host + ";Port=" + through.port +
                         ";Database=" + through.database + ";User Id=" + through.user};
  const ProcessResult result = run_process(command);
  CHECK(result.exit_status == 19);
  CHECK_THAT(result.err, Catch::Contains("error: a pooler between here and the server shares its "
                                         "sessions (" +
                                         mode + " mode)"));
  CHECK_THAT(result.err, Catch::Contains("Connect to the server directly"));
}

TEST_CASE("a session project runs behind a pooler in session mode, tests, tail and all") {
  require_pooler();
  SessionCase project(
      {{"deploy.sql",
        "BEGIN; CREATE TABLE IF NOT EXISTS t (a text); INSERT INTO t SELECT "
        "current_setting('pgmi.env') FROM pgmi_plan_view;\nCALL pgmi_test();\nCOMMIT;"
        "\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\nINSERT INTO t SELECT "
        "path FROM pgmi_source_view;"},
       {"a.sql", "SELECT 1;"},
       {"__test__/test_a.sql", "SELECT 1;"}});
  const int pool_size = GENERATE(1, 20);
  CAPTURE(pool_size);
  const Pooler pooler(project.database.target(), "session", pool_size);
  const Target through = pooler.target(project.database.target());
  project.options.parameters = {{"env", "pooled"}};
  for (int i = 0; i < 2; ++i) {
    const SessionReport report = deploy_session(load_session_project(project.tree.root()), through,
                                                project.options, project.observer, {});
    CHECK(report.checks == 1);
  }
  CHECK(project.database.query_text("SELECT a, count(*) FROM t GROUP BY 1 ORDER BY 1") ==
        "./a.sql|2\npooled|2");
  CHECK(project.database.query_text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") ==
        "0");
}
