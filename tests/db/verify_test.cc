// pgpm verify on a real server: every failure told and recorded, nothing of it left (decision D5).
#include <catch2/catch.hpp>

#include <set>

#include "tests/support/fixtures.h"
#include "tests/support/login_role.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::string failed_changes(const Workshop& shop) {
  std::set<std::string> names;
  for (const VerifyFailed& failed : shop.observer.all<VerifyFailed>())
    names.insert(failed.module + ":" + failed.change);
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace

TEST_CASE("verify passes, and records nothing") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  const RunReport report = shop.verify();
  CHECK(report.done == 3);
  CHECK(report.failed == 0);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE event_type = 'verify'") == "0");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "1");
  for (const ChangeFinished& finished : shop.observer.all<ChangeFinished>())
    CHECK(finished.verified);
}

TEST_CASE("verify goes on after a failure, tells each with its place and why, surprise 17") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/verify/schema.sql", "-- Verify schema\n\nSELECT 'é', 1/0;\n");
  shop.write("packages/simple/verify/index.sql",
             "DO $$ BEGIN RAISE EXCEPTION 'too few' USING DETAIL = 'only 2', HINT = 'add some'; "
             "END $$;");
  const Error error = error_of([&] { shop.verify(); });
  CHECK(error.code() == ErrorCode::verification_failed);
  CHECK(std::string(error.what()) == "Verification failed: 2 change(s): schema, index");
  const auto failed = shop.observer.all<VerifyFailed>();
  REQUIRE(failed.size() == 2);
  CHECK(failed[0].change == "schema");
  CHECK(failed[0].where.line == 3);
  CHECK(failed[0].message.sqlstate == "22012");
  CHECK(failed[0].source_line == "SELECT 'é', 1/0;");
  CHECK(failed[1].message.message == "too few");
  CHECK(failed[1].message.detail == "only 2");
  CHECK(failed[1].message.hint == "add some");
  CHECK(shop.observer.all<ChangeFinished>().size() == 3);
  const auto finished = shop.observer.all<RunFinished>();
  REQUIRE(finished.size() == 1);
  CHECK(finished[0].outcome == Outcome::failed);
  CHECK(finished[0].done == 1);
  CHECK(finished[0].failed == 2);
  CHECK(shop.query("SELECT event_type, change_name, error_message, error_code "
                   "FROM pgpm_migrate.events WHERE error_message IS NOT NULL ORDER BY event_id") ==
        "verify|schema|Verification failed for schema|VERIFICATION_FAILED\n"
        "verify|index|Verification failed for index|VERIFICATION_FAILED");
}

TEST_CASE("a verify script that is no SQL at all fails by itself and hides no other") {
  Workshop shop;
  std::vector<ScriptedChange> changes;
  for (int i = 0; i < 12; ++i) {
    const std::string table = "t" + std::to_string(i);
    changes.push_back({table, "CREATE TABLE " + table + " ();", "DROP TABLE " + table + ";",
                       "SELECT FROM " + table + ";"});
  }
  shop.add_module("m", changes);
  shop.deploy();
  shop.write("packages/m/verify/t3.sql", "SELEC;");
  shop.write("packages/m/verify/t4.sql", "SELECT 1/0;");
  shop.write("packages/m/verify/t5.sql", "SELEC;");
  shop.write("packages/m/verify/t10.sql", "SELECT FROM t1 WHERE;");
  shop.query("DROP TABLE t7");
  VerifyOptions options;
  options.jobs = GENERATE(std::size_t{1}, 2U, 3U, 40U);
  CAPTURE(options.jobs);
  const Error error = error_of([&] { shop.verify(options); });
  CHECK(std::string(error.what()) == "Verification failed: 5 change(s): t3, t4, t5, t7, t10");
  CHECK(failed_changes(shop) == "m:t10 m:t3 m:t4 m:t5 m:t7");
  std::multiset<std::string> seen;
  for (const ChangeFinished& finished : shop.observer.all<ChangeFinished>()) {
    seen.insert(finished.change);
    CHECK(finished.verified == (finished.outcome == Outcome::ok));
    CHECK(finished.outcome != Outcome::interrupted);
  }
  CHECK(seen.size() == 12);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 12);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE event_type = 'verify'") == "5");
}

TEST_CASE("what a verify script does is undone, settings included, surprise 6") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t (x int);", "DROP TABLE t;",
                         "BEGIN; INSERT INTO t VALUES (1); SET search_path TO nowhere; "
                         "SET ROLE pg_monitor; ROLLBACK;"},
                        {"u", "CREATE TABLE u ();", "DROP TABLE u;", "SELECT FROM u, t;"}});
  shop.deploy();
  CHECK(shop.verify().done == 2);
  CHECK(shop.query("SELECT count(*) FROM t") == "0");
}

TEST_CASE("verify --to is inclusive, verify-partial of upstream") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/verify/index.sql", "SELECT 1/0;");
  CHECK(shop.verify(verify_of("simple", "table")).done == 2);
  CHECK(shop.verify(verify_of("simple", "simple:schema")).done == 1);
  CHECK(shop.verify(verify_of("simple", "index^")).done == 2);
  CHECK(error_of([&] { shop.verify(verify_of("simple", "index")); }).code() ==
        ErrorCode::verification_failed);
  CHECK(error_of([&] { shop.verify(verify_of("simple")); }).code() ==
        ErrorCode::verification_failed);
  CHECK(error_of([&] { shop.verify(verify_of("simple", "idnex")); }).code() ==
        ErrorCode::configuration);
}

TEST_CASE("verify --to concerns its module only, those it requires are verified in full") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy();
  shop.write("packages/project-a/verify/base_types.sql", "SELECT 1/0;");
  const Error error = error_of([&] { shop.verify(verify_of("project-b", "app_schema")); });
  CHECK(failed_changes(shop) == "project-a:base_types");
  VerifyOptions alone = verify_of("project-b", "app_schema");
  alone.recursive = false;
  CHECK(shop.verify(alone).done == 1);
  CHECK(error_of([&] { shop.verify(verify_of("", "app_schema")); }).code() == ErrorCode::usage);
}

TEST_CASE("pending changes are not verified, nothing deployed is fine") {
  Workshop shop;
  add_simple(shop);
  CHECK(shop.verify().done == 0);
  CHECK_FALSE(shop.has_ledger());
  shop.deploy(deploy_of("simple", "schema"));
  shop.write("packages/simple/verify/index.sql", "SELECT 1/0;");
  const RunReport report = shop.verify();
  CHECK(report.done == 1);
  CHECK(report.skipped == 2);
}

TEST_CASE("missing verify scripts are warnings, or all of them an error if strict") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.files.remove("packages/simple/verify/schema.sql");
  shop.files.remove("packages/simple/verify/index.sql");
  CHECK(shop.verify().done == 1);
  const auto warnings = shop.observer.all<WarningRaised>();
  REQUIRE(warnings.size() == 2);
  CHECK_THAT(warnings[0].diagnostic.message,
             Catch::Contains("Verify script not found for change: schema"));
  VerifyOptions strict;
  strict.strict = true;
  const Error error = error_of([&] { shop.verify(strict); });
  CHECK(error.code() == ErrorCode::script_missing);
  CHECK(error.diagnostics().size() == 2);
  CHECK(shop.observer.events.empty());
}

TEST_CASE("a superseded instance of a reworked change is not verified") {
  Workshop shop;
  const std::string header = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ";
  shop.add_module(
      "m", {{"f", header + "'SELECT 2';", header + "'SELECT 1';", "SELECT 1/(f() - 1);"},
            {"@v1", "", "", ""},
            {"f [f@v1]", header + "'SELECT 2';", header + "'SELECT 1';", "SELECT 1/(f() - 1);"}});
  shop.write("packages/m/deploy/f@v1.sql", header + "'SELECT 1';");
  shop.write("packages/m/verify/f@v1.sql", "SELECT 1/(2 - f());");
  shop.deploy();
  const RunReport report = shop.verify();
  CHECK(report.done == 1);
  CHECK(report.skipped == 1);
}

TEST_CASE("a role that may only read can verify and look at the ledger") {
  const LoginRole role;
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.query("GRANT USAGE ON SCHEMA pgpm_migrate, shop TO " + role.name() +
             "; GRANT SELECT ON ALL TABLES IN SCHEMA pgpm_migrate, shop TO " + role.name());
  shop.log_in_as(role.name());
  CHECK(shop.verify().done == 3);
  CHECK(shop.module_status().deployed == 3);
  CHECK(plan_deploy(shop.load(), shop.target(), {}, {}).empty());
  SECTION("a failure is told, though it cannot be recorded") {
    shop.write("packages/simple/verify/index.sql", "SELECT 1/0;");
    CHECK(error_of([&] { shop.verify(); }).code() == ErrorCode::verification_failed);
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE event_type = 'verify'") ==
          "0");
  }
}

TEST_CASE("a verify script that psql alone could run is refused before any is run") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/verify/schema.sql", "SELECT 1/0;");
  shop.write("packages/simple/verify/index.sql", "\\d shop.t\n");
  const Error error = error_of([&] { shop.verify(); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(error.diagnostics().size() == 1);
  CHECK(shop.observer.events.empty());
}

TEST_CASE("verify keeps the server's time limits, and a listener that fails ends it") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  VerifyOptions options;
  options.jobs = GENERATE(std::size_t{1}, 3U);
  SECTION("statement_timeout is that script's failure") {
    shop.write("packages/simple/verify/schema.sql", "SELECT pg_sleep(3600);");
    options.statement_timeout = "50ms";
    const Error error = error_of([&] { shop.verify(options); });
    CHECK(std::string(error.what()) == "Verification failed: 1 change(s): schema");
    CHECK(shop.observer.all<VerifyFailed>().front().message.sqlstate == "57014");
  }
  SECTION("a broken pipe") {
    struct BrokenPipe final : Observer {
      void on_event(const Event& event) override {
        if (std::holds_alternative<ChangeStarted>(event))
          throw Error(ErrorCode::other, "broken pipe");
      }
    } observer;
    shop.write("packages/simple/verify/table.sql", "SELECT pg_sleep(3600);");
    const Error error =
        error_of([&] { verify(shop.load(), shop.target(), options, observer, {}); });
    CHECK(std::string(error.what()) == "broken pipe");
  }
}
