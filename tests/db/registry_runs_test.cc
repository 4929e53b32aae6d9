// Runs, failures and the history that is read from them.
#include <catch2/catch.hpp>

#include "engine/registry/history.h"
#include "tests/db/ledger_database.h"

using namespace pgpm;
using namespace pgpm::tests;
using registry::read_history;

namespace {

registry::RunRecord run_of(std::string command, std::vector<std::string> modules) {
  registry::RunRecord run;
  run.command = std::move(command);
  run.command_line = "pgpm " + run.command;
  run.tool_version = "0.1.0";
  run.git_commit = "abc123";
  run.client_host = "desk";
  run.client_user = "ann";
  run.modules = std::move(modules);
  return run;
}

std::string shape(const HistoryEntry& entry) {
  return entry.kind + " " + entry.command + " " + entry.module + " " + entry.change + " " +
         entry.outcome;
}

}  // namespace

TEST_CASE("a run is recorded when it begins and when it ends", "[registry]") {
  LedgerDatabase database;
  const long first =
      registry::start_run(database.connection(), run_of("deploy", {"shop", "o'b,{}"}));
  CHECK(database.query_text(
            "SELECT command, command_line, modules[2], executed_by = session_user,"
            " client_host, client_user, tool_version, git_commit, finished_at IS NULL,"
            " outcome IS NULL FROM pgpm_migrate.runs") ==
        "deploy|pgpm deploy|o'b,{}|t|desk|ann|0.1.0|abc123|t|t");
  const long second = registry::start_run(database.connection(), run_of("revert", {}));
  CHECK(second > first);
  registry::finish_run(database.connection(), first, Outcome::failed, "22012");
  registry::finish_run(database.connection(), second, Outcome::ok, "");
  CHECK(database.query_text("SELECT outcome, error_code IS NULL, finished_at >= started_at, modules"
                            " FROM pgpm_migrate.runs ORDER BY run_id") ==
        "failed|f|t|{shop,\"o'b,{}\"}\nok|t|t|{}");
}

TEST_CASE("a password in the command line does not reach the ledger", "[registry]") {
  LedgerDatabase database;
  registry::RunRecord run = run_of("deploy", {});
  run.command_line = "pgpm deploy --dsn postgres://ann:hunter2@db/shop";
  registry::start_run(database.connection(), run);
  CHECK_THAT(database.query_text("SELECT command_line FROM pgpm_migrate.runs"),
             Catch::Contains("--dsn postgres://") && !Catch::Contains("hunter2"));
}

TEST_CASE("a failure is an event of its own", "[registry]") {
  LedgerDatabase database;
  db::Connection& connection = database.connection();
  CHECK(registry::record_failure(connection, Action::deploy, "shop", "users", "it's wrong", "22012",
                                 4));
  CHECK(registry::record_failure(connection, Action::log_only, "shop", "a", "no", "", 4));
  CHECK(registry::record_failure(connection, Action::verify, "shop", "users",
                                 "Verification failed for users", "VERIFICATION_FAILED", 0));
  CHECK(database.query_text(
            "SELECT event_type, package, change_name, error_message, error_code, run_id"
            " FROM pgpm_migrate.events ORDER BY event_id") ==
        "deploy|shop|users|it's wrong|22012|4\n"
        "deploy|shop|a|no||4\n"
        "verify|shop|users|Verification failed for users|VERIFICATION_FAILED|");
}

TEST_CASE("a failure that cannot be recorded is said, not thrown", "[registry]") {
  TestDatabase database;
  db::Connection& connection = database.connection();
  const auto record = [&](long run_id) {
    return registry::record_failure(connection, Action::revert, "shop", "users", "m", "c", run_id);
  };
  CHECK_FALSE(record(1));
  database.exec(compat_file("upstream_ledger.sql"));
  CHECK_FALSE(record(1));
  CHECK(record(0));
  database.exec("BEGIN");
  CHECK_FALSE(record(0));
  CHECK(thrown_by([&] { database.exec("SELECT 1/0"); }));
  CHECK_FALSE(record(0));
  database.exec("ROLLBACK");
  CHECK(database.query_text("SELECT event_type, error_message FROM pgpm_migrate.events") ==
        "revert|m");
  database.connect().exec(fmt::format("SELECT pg_terminate_backend({})", connection.backend_pid()));
  CHECK_FALSE(record(0));
}

TEST_CASE("the history is runs and events, newest first", "[registry]") {
  LedgerDatabase database;
  db::Connection& connection = database.connection();
  const long run = registry::start_run(connection, run_of("deploy", {"shop", "bill"}));
  database.exec(registry::register_package_sql("shop"));
  registry::DeployRecord record = record_of("shop", "users");
  record.run_id = run;
  database.exec(registry::record_deploy_sql(record));
  registry::record_failure(connection, Action::deploy, "bill", "plans", "division by zero", "22012",
                           run);
  registry::finish_run(connection, run, Outcome::failed, "22012");

  const std::vector<HistoryEntry> all = read_history(connection, {}, 100);
  REQUIRE(all.size() == 3);
  CHECK(shape(all[0]) == "event deploy bill plans failed");
  CHECK(all[0].error_message == "division by zero");
  CHECK(all[0].error_code == "22012");
  CHECK(shape(all[1]) == "event deploy shop users ok");
  CHECK(all[1].run_id == run);
  CHECK(shape(all[2]) == "run deploy shop bill  failed");
  CHECK(all[2].tool_version == "0.1.0");
  CHECK(all[2].git_commit == "abc123");
  CHECK(all[2].by == database.query_text("SELECT session_user"));
  CHECK_THAT(all[2].at, Catch::EndsWith("Z"));

  CHECK(read_history(connection, {}, 2).size() == 2);
  const std::vector<HistoryEntry> bill = read_history(connection, {"bill"}, 100);
  REQUIRE(bill.size() == 2);
  CHECK(shape(bill[0]) == "event deploy bill plans failed");
  CHECK(read_history(connection, {"none"}, 100).empty());
}

TEST_CASE("the history of upstream's ledger is its events; without a ledger there is none",
          "[registry]") {
  TestDatabase database;
  CHECK(read_history(database.connection(), {}, 10).empty());
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec(compat_file("upstream_rows.sql"));
  const std::vector<HistoryEntry> shop = read_history(database.connection(), {"shop"}, 10);
  REQUIRE(shop.size() == 5);
  CHECK(shape(shop[0]) == "event deploy shop broken failed");
  CHECK(shape(shop[1]) == "event revert shop gone ok");
  CHECK(shop[0].by.empty());
  CHECK(shop[0].run_id == 0);
}
