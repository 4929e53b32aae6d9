// How pgpm revert runs its scripts: what is missing or refused before the first, what its verify
// scripts prove, transactions, and what it does beside scripts.
#include <catch2/catch.hpp>

#include "tests/support/fixtures.h"
#include "tests/support/login_role.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("missing revert scripts are found before anything, surprise 5") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.files.remove("packages/simple/revert/schema.sql");
  shop.files.remove("packages/simple/revert/table.sql");
  const Error error = error_of([&] { shop.revert(revert_all()); });
  CHECK(error.code() == ErrorCode::script_missing);
  CHECK(error.diagnostics().size() == 2);
  CHECK_THAT(messages(error), Catch::Contains("change simple:table has no revert script") &&
                                  Catch::Contains("change simple:schema has no revert script"));
  CHECK_THAT(error.diagnostics().front().where.file, Catch::EndsWith("revert/table.sql"));
  CHECK(error.database_state() == "nothing was changed");
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
  CHECK(shop.has("shop.t_id"));
  CHECK(shop.revert(revert_last()).done == 1);
}

TEST_CASE("a change that is declared irreversible is not reverted") {
  Workshop shop;
  SECTION("by its revert script") {
    shop.add_module("m", {{"drop_column", "CREATE TABLE t ();",
                           "-- Revert drop_column\n-- pgpm: irreversible\n", ""}});
  }
  SECTION("by its deploy script, which then needs no revert script") {
    shop.add_module("m", {{"drop_column",
                           "-- Deploy drop_column\n-- pgpm: irreversible\n"
                           "CREATE TABLE t ();",
                           "", ""}});
  }
  shop.deploy();
  const Error error = error_of([&] { shop.revert(revert_last()); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK_THAT(messages(error), Catch::Contains("m:drop_column is declared irreversible"));
  CHECK(shop.deployed() == "m:drop_column");
}

TEST_CASE("a verify script that still passes after the revert is told, or undoes it if strict") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/revert/table.sql", "-- forgot to drop it\n");
  RevertOptions options = revert_to("schema");
  SECTION("a warning names it") {
    CHECK(shop.revert(options).done == 2);
    const auto warnings = shop.observer.all<WarningRaised>();
    REQUIRE(warnings.size() == 1);
    CHECK(warnings.front().module == "simple");
    CHECK(warnings.front().change == "table");
    CHECK_THAT(warnings.front().diagnostic.where.file, Catch::EndsWith("verify/table.sql"));
    CHECK(shop.deployed() == "simple:schema");
    CHECK(shop.has("shop.t"));
  }
  SECTION("strict") {
    options.strict = true;
    const Error error = error_of([&] { shop.revert(options); });
    CHECK(error.code() == ErrorCode::proof_failed);
    CHECK_THAT(std::string(error.what()), Catch::Contains("simple:table"));
    CHECK(error.database_state() == "nothing was changed");
    CHECK(shop.deployed() == "simple:schema simple:table simple:index");
    CHECK(shop.has("shop.t_id"));
    CHECK(shop.observer.all<RolledBack>().size() == 1);
    CHECK(shop.query("SELECT outcome, error_code FROM pgpm_migrate.runs ORDER BY run_id DESC "
                     "LIMIT 1") == "failed|proof_failed");
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE error_message IS NOT NULL "
                     "AND change_name = 'table'") == "1");
  }
}

TEST_CASE("whatever a verify script does after a revert, the run goes on behind it") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  const std::string verify =
      GENERATE("SELEC oops;", "SELECT 1; SELECT * FORM t;", "SELECT 1/0;",
               "SET search_path TO nowhere; SELECT 1/0;", "BEGIN; SELECT 1/0; ROLLBACK;",
               "CREATE TABLE public.rest (); SELECT 1/0;", "SAVEPOINT own; SELECT 1/0;", "\\set x",
               "SELECT 1 AS a INTO public.rest; SELECT 1/0;", "DO $$ BEGIN ASSERT false; END $$;",
               "DO $q$ BEGIN RAISE EXCEPTION 'it''s \\ gone'; END $q$",
               "SET statement_timeout = '1ms'; SELECT pg_sleep(60);");
  CAPTURE(verify);
  shop.write("packages/simple/verify/index.sql", verify);
  shop.write("packages/simple/verify/schema.sql", verify);
  CHECK(shop.revert(revert_all()).done == 3);
  CHECK(shop.deployed().empty());
  CHECK_FALSE(shop.has_schema("shop"));
  CHECK_FALSE(shop.has("public.rest"));
  CHECK(shop.observer.all<WarningRaised>().empty());
  CHECK(shop.observer.all<VerifyFailed>().empty());
}

TEST_CASE("every verify script that still passes after the revert is told, each once") {
  Workshop shop;
  const std::vector<std::string> passing{
      "SELECT 1;",
      "SET search_path TO nowhere; SET statement_timeout = '1h';",
      "SELECT 1 AS a INTO public.rest;",
      "DO $$ BEGIN PERFORM 'it''s \\ here'; END $$;",
      "-- nothing is asked",
      "SET ROLE pg_monitor; VALUES (1);"};
  std::vector<ScriptedChange> changes;
  for (std::size_t i = 0; i < passing.size(); ++i)
    changes.push_back({"c" + std::to_string(i), "SELECT 1;", "SELECT 1;", passing[i]});
  shop.add_module("m", changes);
  shop.deploy();
  CHECK(shop.revert(revert_all()).done == passing.size());
  std::string told;
  for (const WarningRaised& warning : shop.observer.all<WarningRaised>()) told += warning.change;
  CHECK(told == "c5c4c3c2c1c0");
  CHECK_FALSE(shop.has("public.rest"));
}

TEST_CASE("a role that may not use PL/pgSQL learns the same") {
  const LoginRole role;
  Workshop shop;
  shop.add_module("m", {{"stays", "SELECT 1;", "SELECT 1;", "SELECT 1;"},
                        {"goes", "CREATE SCHEMA s;", "DROP SCHEMA s;", "CREATE TABLE s.t ();"}});
  shop.query("GRANT CREATE ON DATABASE " + shop.database.name() + " TO " + role.name());
  shop.log_in_as(role.name());
  shop.deploy();
  shop.query("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC");
  CHECK(shop.revert(revert_all()).done == 2);
  const auto warnings = shop.observer.all<WarningRaised>();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front().change == "stays");
}

TEST_CASE("what a passing verify script wrote after the revert is rolled back") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t ();", "DROP TABLE t;", "CREATE TABLE rest ();"}});
  shop.deploy();
  CHECK(shop.revert(revert_all()).done == 1);
  CHECK(shop.observer.all<WarningRaised>().size() == 1);
  CHECK_FALSE(shop.has("rest"));
}

TEST_CASE("revert --verify runs the verify scripts of what stays") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  RevertOptions options = revert_last();
  options.verify_remaining = true;
  SECTION("they pass") {
    CHECK(shop.revert(options).done == 1);
    CHECK(shop.deployed() == "simple:schema simple:table");
  }
  SECTION("one fails") {
    shop.write("packages/simple/revert/index.sql", "DROP TABLE shop.t;");
    const Error error = error_of([&] { shop.revert(options); });
    CHECK(error.code() == ErrorCode::verification_failed);
    CHECK_THAT(std::string(error.what()), Catch::Contains("simple:table"));
    REQUIRE(shop.observer.all<VerifyFailed>().size() == 1);
    CHECK(shop.observer.all<VerifyFailed>().front().change == "table");
    CHECK(error.database_state() == "nothing was changed");
    CHECK(shop.deployed() == "simple:schema simple:table simple:index");
    CHECK(shop.has("shop.t"));
  }
  SECTION("without it nobody looks") {
    shop.write("packages/simple/revert/index.sql", "DROP TABLE shop.t;");
    CHECK(shop.revert(revert_last()).done == 1);
  }
}

TEST_CASE("native extensions stay unless they are to go and nobody else needs them") {
  Workshop shop;
  shop.add_module("a", {{"a", "CREATE TABLE a (x citext);", "DROP TABLE a;", ""}},
                  "plpgsql,citext,pgcrypto");
  shop.add_module("b", {{"b", "CREATE TABLE b ();", "DROP TABLE b;", ""}}, "pgcrypto");
  shop.deploy();
  const auto extensions = [&] {
    return shop.query("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension");
  };
  RevertOptions options = revert_all("a");
  options.drop_extensions = true;
  SECTION("kept by default") {
    shop.revert(revert_all("a"));
    CHECK(extensions() == "citext pgcrypto plpgsql");
  }
  SECTION("kept while a module that stays needs it") {
    shop.revert(options);
    CHECK(extensions() == "pgcrypto plpgsql");
  }
  SECTION("dropped with the last that needs it") {
    options.modules = {"a", "b"};
    shop.revert(options);
    CHECK(extensions() == "plpgsql");
  }
  SECTION("kept, with a notice, while something else in the database needs it") {
    shop.query("CREATE TABLE mine (x citext)");
    CHECK(shop.revert(options).done == 1);
    CHECK(extensions() == "citext pgcrypto plpgsql");
    REQUIRE(shop.observer.all<NoticeRaised>().size() == 1);
    const ServerMessage told = shop.observer.all<NoticeRaised>().front().message;
    CHECK(told.severity == "WARNING");
    CHECK_THAT(told.message, Catch::Contains("citext"));
  }
  SECTION("left alone if only a part of the module goes") {
    shop.add_module("a",
                    {{"a", "CREATE TABLE a (x citext);", "DROP TABLE a;", ""},
                     {"a2", "CREATE TABLE a2 ();", "DROP TABLE a2;", ""}},
                    "plpgsql,citext,pgcrypto");
    shop.deploy();
    RevertOptions last = revert_last("a");
    last.drop_extensions = true;
    shop.revert(last);
    CHECK(extensions() == "citext pgcrypto plpgsql");
  }
}

TEST_CASE("revert --log-only takes rows back without running anything") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.files.remove("packages/simple/revert/index.sql");
  RevertOptions options = revert_to("schema");
  options.log_only = true;
  CHECK(shop.revert(options).done == 2);
  CHECK(shop.deployed() == "simple:schema");
  CHECK(shop.has("shop.t_id"));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE event_type = 'revert'") == "2");
}

TEST_CASE("a revert script that fails: what stays depends on the transaction") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy();
  shop.write("packages/project-a/revert/base_types.sql",
             "\n-- not there\nDROP TYPE base.monkey;\n");
  RevertOptions options = revert_all();
  SECTION("run, the default: nothing") {
    const Error error = error_of([&] { shop.revert(options); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(std::string(error.what()),
               Catch::Contains("revert script of project-a:base_types failed"));
    REQUIRE(error.where());
    CHECK_THAT(error.where()->file, Catch::EndsWith("project-a/revert/base_types.sql"));
    CHECK(error.where()->line == 3);
    CHECK(error.database_state() == "nothing was changed");
    CHECK(shop.deployed() ==
          "project-a:base_schema project-a:base_types project-b:app_schema project-b:app_tables");
    CHECK(shop.has_schema("app"));
  }
  SECTION("module: those before it") {
    options.scope = TransactionScope::module;
    const Error error = error_of([&] { shop.revert(options); });
    CHECK_THAT(error.database_state(), Catch::Contains("2 changes of project-b are committed"));
    CHECK(shop.deployed() == "project-a:base_schema project-a:base_types");
    CHECK_FALSE(shop.has_schema("app"));
  }
  SECTION("change: each before it") {
    shop.write("packages/project-b/revert/app_schema.sql", "SELECT 1/0;");
    options.scope = TransactionScope::change;
    const Error error = error_of([&] { shop.revert(options); });
    CHECK_THAT(error.database_state(), Catch::Contains("1 change of project-b is committed"));
    CHECK(shop.deployed() == "project-a:base_schema project-a:base_types project-b:app_schema");
  }
  CHECK(shop.query("SELECT event_type, error_code IS NOT NULL, run_id FROM pgpm_migrate.events "
                   "ORDER BY event_id DESC LIMIT 1") == "revert|t|2");
  CHECK(shop.query("SELECT outcome, error_code FROM pgpm_migrate.runs WHERE run_id = 2") ==
        "failed|sql");
}

TEST_CASE("what a revert script sets does not reach the next one") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/revert/index.sql",
             "SET search_path TO shop; DROP INDEX t_id; SET ROLE pg_monitor;");
  CHECK(shop.revert(revert_all()).done == 3);
}

namespace {

/// t in a transaction, i (two indexes, built concurrently) outside of one.
void add_concurrent(Workshop& shop) {
  shop.add_module(
      "m", {{"t", "CREATE TABLE t (id int);", "DROP TABLE t;", "SELECT FROM t;"},
            {"i [t]",
             "CREATE INDEX CONCURRENTLY t_i ON t (id);\nCREATE INDEX CONCURRENTLY t_j ON t (id);",
             "DROP INDEX CONCURRENTLY t_i;\nDROP INDEX CONCURRENTLY t_j;", ""},
            {"u", "CREATE TABLE u ();", "DROP TABLE u;", ""}});
}

}  // namespace

TEST_CASE("a revert outside a transaction that was interrupted goes on where it stopped") {
  Workshop shop;
  add_concurrent(shop);
  shop.deploy();
  shop.write("packages/m/revert/i.sql",
             "DROP INDEX CONCURRENTLY t_i;\nDROP INDEX CONCURRENTLY missing;\n"
             "DROP INDEX CONCURRENTLY t_j;");
  const Error error = error_of([&] { shop.revert(revert_to("t")); });
  CHECK(error.code() == ErrorCode::sql);
  REQUIRE(error.where());
  CHECK(error.where()->line == 2);
  CHECK_THAT(error.database_state(), Catch::Contains("1 change of m is committed") &&
                                         Catch::Contains("m:i") &&
                                         Catch::Contains("1 of its 3 statements"));
  CHECK(shop.deployed() == "m:t m:i");
  CHECK(shop.module_status().interrupted == std::vector<std::string>{"i"});
  CHECK(shop.query("SELECT action, statements_done FROM pgpm_migrate.intents") == "revert|1");

  shop.query("CREATE INDEX missing ON t (id)");
  CHECK(shop.revert(revert_last()).done == 1);
  CHECK(shop.deployed() == "m:t");
  CHECK(shop.query("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass") == "0");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
}

TEST_CASE("reworked changes are reverted one instance at a time") {
  Workshop shop;
  const std::string header = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ";
  shop.add_module("m", {{"f", header + "'SELECT 1';", "DROP FUNCTION f();", "SELECT f();"},
                        {"@v1", "", "", ""},
                        {"between", "CREATE TABLE between_t ();", "DROP TABLE between_t;", ""},
                        {"f [f@v1]", header + "'SELECT 2';", header + "'SELECT 1';", "SELECT f();"},
                        {"@v2", "", "", ""},
                        {"f [f@v2]", header + "'SELECT 3';", header + "'SELECT 2';", "SELECT f();"},
                        {"after [f]", "CREATE TABLE after_t ();", "DROP TABLE after_t;", ""}});
  const auto instance = [&](const std::string& tag, const std::string& deploy,
                            const std::string& revert) {
    shop.write("packages/m/deploy/f@" + tag + ".sql", deploy);
    shop.write("packages/m/revert/f@" + tag + ".sql", revert);
    shop.write("packages/m/verify/f@" + tag + ".sql", "SELECT f();");
  };
  instance("v1", header + "'SELECT 1';", "DROP FUNCTION f();");
  instance("v2", header + "'SELECT 2';", header + "'SELECT 1';");
  shop.deploy();
  CHECK(shop.deployed() == "m:f@v1 m:between m:f@v2 m:f m:after");

  SECTION("one after the other") {
    shop.revert(revert_last());
    shop.revert(revert_last());
    CHECK(shop.query("SELECT f()") == "2");
    CHECK(shop.deployed() == "m:f@v1 m:between m:f");
    CHECK(shop.observer.all<WarningRaised>().empty());
    shop.revert(revert_last());
    CHECK(shop.query("SELECT f()") == "1");
    CHECK(shop.deployed() == "m:f m:between");
    CHECK(shop.status().modules.front().pending == std::vector<std::string>{"f@v2", "f", "after"});
    shop.deploy();
    CHECK(shop.deployed() == "m:f@v1 m:between m:f@v2 m:f m:after");
  }
  SECTION("to a tag, in one run") {
    CHECK(shop.revert(revert_to("@v1")).done == 4);
    CHECK(shop.query("SELECT f()") == "1");
    CHECK(shop.deployed() == "m:f");
  }
  SECTION("to an instance") {
    CHECK(shop.revert(revert_to("f@v2")).done == 2);
    CHECK(shop.query("SELECT f()") == "2");
  }
  SECTION("a bare reworked name is ambiguous") {
    CHECK(error_of([&] { shop.revert(revert_to("f")); }).code() == ErrorCode::configuration);
  }
  SECTION("all") {
    CHECK(shop.revert(revert_all()).done == 5);
    CHECK(shop.deployed().empty());
    CHECK(shop.query("SELECT to_regprocedure('f()') IS NULL") == "t");
  }
}

TEST_CASE("approval of a revert is asked before anything is touched, with all that would go") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy();
  RevertOptions options = revert_last("project-a");
  options.cascade = true;
  std::size_t asked = 0;
  const Error error = error_of([&] {
    revert(shop.load(), shop.target(), options, shop.observer, {}, [&](const Worklist& worklist) {
      asked = worklist.changes();
      return false;
    });
  });
  CHECK(error.code() == ErrorCode::approval);
  CHECK(asked == 2);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "1");
}

TEST_CASE("the SQL of a revert's dry run does what the run would do") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  const Worklist worklist = plan_revert(shop.load(), shop.target(), revert_to("schema"), {});
  CHECK(worklist.changes() == 2);
  CHECK(shop.has("shop.t_id"));
  shop.files.remove("packages/simple/verify");
  for (const std::string& text :
       worklist_sql(plan_revert(shop.load(), shop.target(), revert_to("schema"), {})))
    shop.database.exec(text);
  CHECK(shop.deployed() == "simple:schema");
  CHECK_FALSE(shop.has("shop.t"));
}
