// pgpm deploy on a real server: what is recorded, what is rolled back, what is refused before the
// first write.
#include <catch2/catch.hpp>

#include "engine/text/digest.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// schema -> table -> index, the fixture that upstream's engine tests use.
void add_simple(Workshop& shop) {
  shop.add_module("simple", {{"schema", "CREATE SCHEMA shop;", "DROP SCHEMA shop;",
                              "SELECT 1/count(*) FROM pg_namespace WHERE nspname = 'shop';"},
                             {"table [schema]", "CREATE TABLE shop.t (id int);",
                              "DROP TABLE shop.t;", "SELECT id FROM shop.t WHERE false;"},
                             {"index [table]", "CREATE INDEX t_id ON shop.t (id);",
                              "DROP INDEX shop.t_id;", "SELECT 'shop.t_id'::regclass;"}});
}

DeployOptions to(const std::string& reference) {
  DeployOptions options;
  options.to = reference;
  return options;
}

}  // namespace

TEST_CASE("deploy goes up to a change, then on to the end") {
  Workshop shop;
  add_simple(shop);
  CHECK(shop.deploy(to("schema")).done == 1);
  CHECK(shop.deployed() == "simple:schema");

  const RunReport rest = shop.deploy();
  CHECK(rest.done == 2);
  CHECK(rest.skipped == 1);
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
  CHECK(shop.query("SELECT requires FROM pgpm_migrate.dependencies ORDER BY 1") ==
        "simple:schema\nsimple:table");
  CHECK(shop.events() == "deploy simple:schema ok\ndeploy simple:table ok\ndeploy simple:index ok");
}

TEST_CASE("a deploy with nothing to do writes nothing") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  const std::string before = shop.query("SELECT count(*) FROM pgpm_migrate.runs");
  const RunReport report = shop.deploy();
  CHECK(report.done == 0);
  CHECK(report.skipped == 3);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == before);
  CHECK(shop.observer.names() == std::vector<std::string>{"run_started", "run_finished"});
}

TEST_CASE("deploying to what is deployed already does nothing, whatever comes after") {
  Workshop shop;
  add_simple(shop);
  shop.deploy(to("table"));
  CHECK(shop.deploy(to("schema")).done == 0);
  CHECK(shop.deploy(to("table")).done == 0);
  CHECK(shop.deployed() == "simple:schema simple:table");
}

TEST_CASE("an unknown --to is an error before anything is written") {
  Workshop shop;
  add_simple(shop);
  const Error error = error_of([&] { shop.deploy(to("tabel")); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK_THAT(std::string(error.what()) + error.hint(), Catch::Contains("table"));
  CHECK(shop.deployed().empty());
}

TEST_CASE("a failing change rolls its module back and is recorded as a failed event") {
  Workshop shop;
  add_simple(shop);
  shop.write("packages/simple/deploy/index.sql",
             "-- Deploy index\n\nSELECT 1;\nCREATE INDEX ON shop.nowhere (id);\n");

  SECTION("one transaction for the module") {
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    REQUIRE(error.where());
    CHECK(error.where()->line == 4);
    REQUIRE(error.server());
    CHECK(error.server()->sqlstate == "42P01");
    CHECK(error.database_state() == "nothing was changed");
    CHECK(shop.deployed().empty());
    CHECK(shop.query("SELECT to_regnamespace('shop') IS NULL") == "t");
    CHECK(shop.events() == "deploy simple:index 42P01");
  }
  SECTION("a transaction for each change") {
    DeployOptions options;
    options.scope = TransactionScope::change;
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(error.database_state(), Catch::Contains("2 changes of simple are committed"));
    CHECK(shop.deployed() == "simple:schema simple:table");
  }
  SECTION("no transactions") {
    DeployOptions options;
    options.scope = TransactionScope::none;
    error_of([&] { shop.deploy(options); });
    CHECK(shop.deployed() == "simple:schema simple:table");
  }
  CHECK(shop.observer.names().back() == "run_finished");
  CHECK(shop.observer.all<ChangeStarted>().size() == shop.observer.all<ChangeFinished>().size());
  CHECK(shop.query("SELECT outcome, error_code FROM pgpm_migrate.runs") == "failed|sql");
}

TEST_CASE(
    "a syntax error in a late change is located, and what stands before it runs as its scope "
    "says") {
  Workshop shop;
  add_simple(shop);
  shop.write("packages/simple/deploy/index.sql",
             "CREATE INDEX t_id ON shop.t (id);\nCREATE TABEL oops ();\n");
  SECTION("module") {
    const Error error = error_of([&] { shop.deploy(); });
    REQUIRE(error.where());
    CHECK(error.where()->line == 2);
    CHECK(error.where()->column == 8);
    CHECK(error.source_line() == "CREATE TABEL oops ();");
    CHECK(shop.deployed().empty());
  }
  SECTION("change") {
    DeployOptions options;
    options.scope = TransactionScope::change;
    error_of([&] { shop.deploy(options); });
    CHECK(shop.deployed() == "simple:schema simple:table");
  }
}

TEST_CASE("a failing verify script fails the deploy and leaves nothing of the transaction") {
  Workshop shop;
  add_simple(shop);
  shop.write("packages/simple/verify/table.sql", "SELECT id\nFROM shop.missing;\n");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::verification_failed);
  REQUIRE(error.where());
  CHECK(error.where()->line == 2);
  CHECK(shop.deployed().empty());
  CHECK(shop.query("SELECT to_regnamespace('shop') IS NULL") == "t");
  CHECK(shop.query(
            "SELECT event_type, change_name, error_message, error_code FROM pgpm_migrate.events") ==
        "verify|table|Verification failed for table|VERIFICATION_FAILED");
  CHECK(shop.observer.all<VerifyFailed>().size() == 1);

  SECTION("unless verification is left out") {
    DeployOptions options;
    options.verify = false;
    CHECK(shop.deploy(options).done == 3);
  }
}

TEST_CASE("what a verify script writes is rolled back") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t (x int);", "DROP TABLE t;",
                         "BEGIN; INSERT INTO t VALUES (1); SET search_path TO nowhere; ROLLBACK;"},
                        {"u", "CREATE TABLE u ();", "DROP TABLE u;", "SELECT FROM u;"}});
  shop.deploy();
  CHECK(shop.query("SELECT count(*) FROM t") == "0");
  shop.verify();
  CHECK(shop.query("SELECT count(*) FROM t") == "0");
}

TEST_CASE("settings and roles that a script leaves behind do not reach the next change") {
  Workshop shop;
  shop.query("SELECT 1");
  shop.add_module(
      "m",
      {{"a",
        "CREATE SCHEMA s; SET search_path TO s; SET work_mem = '1MB'; SET ROLE pg_read_all_stats;",
        "", ""},
       {"b", "CREATE TABLE b AS SELECT current_setting('work_mem') AS m, current_user AS u;", "",
        ""}});
  shop.deploy();
  CHECK(shop.query("SELECT m <> '1MB', u = session_user FROM public.b") == "t|t");
}

TEST_CASE("an edited script refuses the run, formatting alone does not") {
  Workshop shop;
  add_simple(shop);
  shop.deploy(to("table"));
  SECTION("edited") {
    shop.write("packages/simple/deploy/schema.sql", "CREATE SCHEMA other;");
    shop.write("packages/simple/deploy/table.sql", "CREATE TABLE shop.t (id bigint);");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::edited_script);
    CHECK(error.diagnostics().size() == 2);
    CHECK_THAT(messages(error),
               Catch::Contains("simple:schema") && Catch::Contains("simple:table"));
    CHECK(shop.deployed() == "simple:schema simple:table");
    DeployOptions options;
    options.on_edited = OnEdited::warn;
    CHECK(shop.deploy(options).done == 1);
    CHECK(shop.observer.all<WarningRaised>().size() == 2);
    options.on_edited = OnEdited::ignore;
    shop.deploy(options);
    CHECK(shop.observer.all<WarningRaised>().empty());
  }
  SECTION("comments, white space and keyword case") {
    shop.write("packages/simple/deploy/schema.sql",
               "-- now with a comment\ncreate   schema\n  SHOP ;\n");
    CHECK(shop.deploy().done == 1);
    CHECK(shop.observer.all<WarningRaised>().empty());
  }
}

TEST_CASE("a missing deploy script is found before anything runs") {
  Workshop shop;
  add_simple(shop);
  shop.files.remove("packages/simple/deploy/index.sql");
  shop.files.remove("packages/simple/deploy/table.sql");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::script_missing);
  CHECK(error.diagnostics().size() == 2);
  CHECK(error.diagnostics().front().where.line == 5);
  CHECK(shop.deployed().empty());
  CHECK(shop.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
}

TEST_CASE("a missing verify script is a warning, or an error if strict") {
  Workshop shop;
  add_simple(shop);
  shop.files.remove("packages/simple/verify/index.sql");
  DeployOptions options;
  options.strict = true;
  CHECK(error_of([&] { shop.deploy(options); }).code() == ErrorCode::script_missing);
  CHECK(shop.deploy().done == 3);
  CHECK(shop.observer.all<WarningRaised>().size() == 1);
}

TEST_CASE("requirements across modules") {
  Workshop shop;
  shop.add_module("project-a", {{"base_schema", "CREATE SCHEMA base;", "DROP SCHEMA base;", ""},
                                {"base_types [base_schema]", "CREATE TYPE base.t AS (x int);",
                                 "DROP TYPE base.t;", ""}});
  shop.add_module(
      "project-b",
      {{"app_schema [project-a:base_schema]", "CREATE SCHEMA app;", "DROP SCHEMA app;", ""},
       {"app_tables [app_schema project-a:base_types]", "CREATE TABLE app.t (v base.t);",
        "DROP TABLE app.t;", ""}},
      "project-a");
  DeployOptions only_b;
  only_b.modules = {"project-b"};

  SECTION("the module brings what it requires along") {
    shop.deploy(only_b);
    CHECK(shop.deployed() ==
          "project-a:base_schema project-a:base_types project-b:app_schema project-b:app_tables");
    CHECK(shop.query("SELECT requires FROM pgpm_migrate.dependencies JOIN pgpm_migrate.changes "
                     "USING (change_id) "
                     "WHERE change_name = 'app_tables' ORDER BY 1") ==
          "project-a:base_types\nproject-b:app_schema");
  }
  SECTION("alone it is refused") {
    only_b.recursive = false;
    const Error error = error_of([&] { shop.deploy(only_b); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK_THAT(messages(error),
               Catch::Contains("Missing required changes for app_schema: project-a:base_schema"));
    CHECK(shop.deployed().empty());
  }
  SECTION("each module commits as a whole") {
    shop.write("packages/project-b/deploy/app_tables.sql", "SELECT 1/0;");
    const Error error = error_of([&] { shop.deploy(only_b); });
    CHECK_THAT(error.database_state(), Catch::Contains("2 changes of project-a are committed"));
    CHECK(shop.deployed() == "project-a:base_schema project-a:base_types");
  }
  SECTION("--tx run is all or nothing") {
    shop.write("packages/project-b/deploy/app_tables.sql", "SELECT 1/0;");
    only_b.scope = TransactionScope::run;
    const Error error = error_of([&] { shop.deploy(only_b); });
    CHECK(error.database_state() == "nothing was changed");
    CHECK(shop.deployed().empty());
  }
}

TEST_CASE("a conflict with what is deployed is refused") {
  Workshop shop;
  shop.add_module("m", {{"old", "CREATE TABLE old ();", "DROP TABLE old;", ""},
                        {"new [!old]", "CREATE TABLE new ();", "", ""}});
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK_THAT(messages(error), Catch::Contains("new conflicts") && Catch::Contains("m:old"));
}

TEST_CASE("log-only records without running") {
  Workshop shop;
  add_simple(shop);
  DeployOptions options;
  options.log_only = true;
  CHECK(shop.deploy(options).done == 3);
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
  CHECK(shop.query("SELECT to_regnamespace('shop') IS NULL") == "t");
  CHECK(shop.query("SELECT script_hash FROM pgpm_migrate.changes WHERE change_name = 'schema'") ==
        sha256_hex("CREATE SCHEMA shop;"));
}

TEST_CASE("tags of deployed changes are recorded, late ones too") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "SELECT 1;", ""},
                        {"@v1", "", "", ""},
                        {"b", "SELECT 2;", "SELECT 2;", ""}});
  shop.deploy(to("@v1"));
  CHECK(shop.deployed() == "m:a");
  CHECK(shop.query("SELECT package, tag, change_name FROM pgpm_migrate.tags") == "m|v1|a");
  const std::string plan = shop.files.read("packages/m/pgpm.plan");
  shop.write("packages/m/pgpm.plan", plan +
                                         "@v2 a 2024-01-15T10:00:00Z Ada <ada@example.com>\n@v3 "
                                         "2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  shop.deploy();
  CHECK(shop.query("SELECT tag, change_name FROM pgpm_migrate.tags ORDER BY tag") ==
        "v1|a\nv2|a\nv3|b");
  CHECK(shop.deploy().done == 0);
}

TEST_CASE("two changes with equal scripts deploy") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "", ""}, {"b", "SELECT 1;", "", ""}});
  CHECK(shop.deploy().done == 2);
}

TEST_CASE(
    "native extensions are created once, and one that is not offered is found before any write") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "", ""}}, "plpgsql,citext");
  SECTION("offered") {
    shop.deploy();
    CHECK(shop.query("SELECT count(*) FROM pg_extension WHERE extname = 'citext'") == "1");
    CHECK(shop.observer.all<ExtensionCreated>().size() == 1);
  }
  SECTION("not offered") {
    shop.add_module("n", {{"b", "SELECT 1;", "", ""}}, "m,no_such_extension");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK_THAT(messages(error),
               Catch::Contains("no_such_extension") && Catch::Contains("module n"));
    CHECK(shop.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
  }
}

TEST_CASE("COPY with inline data, psql guard lines and outer transactions") {
  Workshop shop;
  shop.add_module(
      "m", {{"t",
             "\\echo Use \"CREATE EXTENSION m\" to load this file. \\quit\nBEGIN;\nCREATE TABLE t "
             "(a int, b text);\nCOPY t FROM STDIN;\n1\tone; --\n2\ttwo\n\\.\nINSERT INTO t VALUES "
             "(3, 'three');\nCOMMIT;\n",
             "BEGIN; DROP TABLE t; COMMIT;", "BEGIN; SELECT 1/(count(*) - 2) FROM t; ROLLBACK;"}});
  shop.deploy();
  CHECK(shop.query("SELECT * FROM t ORDER BY 1") == "1|one; --\n2|two\n3|three");
}

TEST_CASE("statements that refuse transactions run outside one, and a killed build is finished") {
  Workshop shop;
  shop.add_module(
      "m",
      {{"t", "CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 10);",
        "DROP TABLE t;", "SELECT FROM t;"},
       {"i [t]",
        "CREATE INDEX CONCURRENTLY t_i ON t (id);\nCREATE INDEX CONCURRENTLY t_j ON t (id, id);\n",
        "DROP INDEX CONCURRENTLY t_i; DROP INDEX CONCURRENTLY t_j;", "SELECT 't_i'::regclass;"},
       {"u", "CREATE TABLE u ();", "DROP TABLE u;", ""}});
  SECTION("undisturbed") {
    CHECK(shop.deploy().done == 3);
    CHECK(shop.query("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 't'::regclass") ==
          "t");
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
    RevertOptions all;
    all.reach = RevertReach::all;
    CHECK(shop.revert(all).done == 3);
    CHECK(shop.query("SELECT to_regclass('t') IS NULL") == "t");
  }
  SECTION("killed") {
    shop.deploy(to("t"));
    shop.write("packages/m/deploy/i.sql",
               "CREATE INDEX CONCURRENTLY t_i ON t (id);\nCREATE UNIQUE INDEX CONCURRENTLY t_j ON "
               "t ((id / 2));\n");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    REQUIRE(error.where());
    CHECK(error.where()->line == 2);
    CHECK(shop.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_j'::regclass") == "f");
    CHECK(shop.query("SELECT statements_done FROM pgpm_migrate.intents") == "1");
    CHECK(shop.status().modules.front().interrupted == std::vector<std::string>{"i"});
    shop.query("DELETE FROM t WHERE id % 2 = 1");
    CHECK(shop.deploy().done == 2);
    CHECK(
        shop.query(
            "SELECT bool_and(indisvalid), count(*) FROM pg_index WHERE indrelid = 't'::regclass") ==
        "t|2");
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
  }
}

TEST_CASE("reworked changes: the former instance keeps its row under its tag's name") {
  Workshop shop;
  shop.add_module("m", {{"f", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
                         "DROP FUNCTION f();", "SELECT f();"},
                        {"@v1", "", "", ""}});
  SECTION("deployed before the rework was written") {
    shop.deploy();
  }
  SECTION("deployed from nothing") {}
  shop.write("packages/m/deploy/f@v1.sql", shop.files.read("packages/m/deploy/f.sql"));
  shop.write("packages/m/revert/f@v1.sql", shop.files.read("packages/m/revert/f.sql"));
  shop.write("packages/m/verify/f@v1.sql", shop.files.read("packages/m/verify/f.sql"));
  shop.write("packages/m/revert/f.sql",
             "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';");
  shop.write("packages/m/deploy/f.sql",
             "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';");
  shop.write("packages/m/pgpm.plan", shop.files.read("packages/m/pgpm.plan") +
                                         "f [f@v1] 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  shop.deploy();
  CHECK(shop.query("SELECT f()") == "2");
  CHECK(shop.deployed() == "m:f@v1 m:f");
  CHECK(shop.query("SELECT requires FROM pgpm_migrate.dependencies") == "m:f@v1");
  CHECK(shop.deploy().done == 0);
  CHECK(shop.verify().done == 1);
  RevertOptions last;
  shop.revert(last);
  CHECK(shop.query("SELECT f()") == "1");
  CHECK(shop.deployed() == "m:f");
  CHECK(shop.deploy().done == 1);
  CHECK(shop.deployed() == "m:f@v1 m:f");
}

TEST_CASE("approval is asked before the first write") {
  Workshop shop;
  add_simple(shop);
  std::size_t asked = 0;
  const Workspace workspace = shop.load();
  const Error error = error_of([&] {
    deploy(workspace, shop.database.target(), {}, shop.observer, {}, [&](const Worklist& worklist) {
      asked = worklist.changes();
      return false;
    });
  });
  CHECK(error.code() == ErrorCode::approval);
  CHECK(asked == 3);
  CHECK(shop.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
}

TEST_CASE("approval is asked once, also for tags alone") {
  Workshop shop;
  add_simple(shop);
  std::size_t asked = 0;
  const auto deploy_and_count = [&] {
    deploy(shop.load(), shop.target(), {}, shop.observer, {}, [&](const Worklist&) {
      ++asked;
      return true;
    });
  };
  deploy_and_count();
  CHECK(asked == 1);
  shop.write("packages/simple/pgpm.plan", shop.files.read("packages/simple/pgpm.plan") +
                                              "@v1 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  deploy_and_count();
  CHECK(asked == 2);
  CHECK(shop.query("SELECT tag FROM pgpm_migrate.tags") == "v1");
  deploy_and_count();
  CHECK(asked == 2);
}

TEST_CASE("the SQL of a dry run does what the run would do") {
  Workshop shop;
  add_simple(shop);
  const Worklist worklist = plan_deploy(shop.load(), shop.database.target(), {}, {});
  CHECK(worklist.changes() == 3);
  CHECK(shop.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
  shop.deploy(to("schema"));
  for (const std::string& text :
       worklist_sql(plan_deploy(shop.load(), shop.database.target(), {}, {})))
    shop.database.exec(text);
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
}

TEST_CASE("deploy creates the database if asked, and is silent if it is there") {
  Workshop shop;
  add_simple(shop);
  DeployOptions options;
  options.create_database = true;
  const std::string name = shop.database.name() + "_made \"here\"";
  const Target fresh = shop.database.target().with_database(name);
  const Workspace workspace = shop.load();
  CHECK(plan_deploy(workspace, fresh, options, {}).create_database);
  CHECK(deploy(workspace, fresh, options, shop.observer, {}).database_created);
  CHECK_FALSE(deploy(workspace, fresh, options, shop.observer, {}).database_created);
  shop.query("DROP DATABASE \"" + shop.database.name() + "_made \"\"here\"\"\"");
}

TEST_CASE("a deferred constraint that fails at COMMIT is reported against the commit") {
  Workshop shop;
  shop.add_module(
      "m",
      {{"t",
        "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t DEFERRABLE INITIALLY DEFERRED);",
        "DROP TABLE t;", ""},
       {"d [t]", "INSERT INTO t VALUES (1, 99);", "DELETE FROM t;", ""}});
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::sql);
  REQUIRE(error.server());
  CHECK(error.server()->sqlstate == "23503");
  CHECK_THAT(error.what(), Catch::Contains("COMMIT"));
  CHECK(shop.deployed().empty());
  CHECK(shop.query("SELECT to_regclass('t') IS NULL") == "t");
}
