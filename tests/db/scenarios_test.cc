// The scenarios of upstream pgpm's own engine and project tests, told anew: same meaning, and where
// decisions D1-D12 differ from upstream, ours. Test names begin with upstream's file.
#include <catch2/catch.hpp>

#include "engine/text/digest.h"
#include "tests/support/fixtures.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// What the ledger says a change requires, in order, separated by blanks.
std::string requirements(Workshop& shop, const std::string& package, const std::string& change) {
  return shop.query(
      "SELECT string_agg(requires, ' ' ORDER BY requires) FROM pgpm_migrate.dependencies "
      "JOIN pgpm_migrate.changes USING (change_id) WHERE package = '" +
      package + "' AND change_name = '" + change + "'");
}

std::string count_of(Workshop& shop, const std::string& package) {
  return shop.query("SELECT count(*) FROM pgpm_migrate.changes WHERE package = '" + package + "'");
}

}  // namespace

TEST_CASE("basic-deployment: one change, then all in order with qualified requirements") {
  Workshop shop;
  add_simple(shop);
  CHECK(shop.deploy(deploy_of("simple", "schema")).done == 1);
  CHECK(shop.query("SELECT package, change_name, script_hash, deployed_by = session_user "
                   "FROM pgpm_migrate.changes") ==
        "simple|schema|" + sha256_hex("CREATE SCHEMA shop;") + "|t");
  const RunReport rest = shop.deploy();
  CHECK(rest.done == 2);
  CHECK(rest.skipped == 1);
  CHECK(requirements(shop, "simple", "schema").empty());
  CHECK(requirements(shop, "simple", "table") == "simple:schema");
  CHECK(requirements(shop, "simple", "index") == "simple:table");
}

TEST_CASE("basic-deployment: a syntax error rolls everything back, or stops there without one") {
  Workshop shop;
  add_simple(shop);
  shop.write("packages/simple/deploy/table.sql", "CREATE TABLE shop.t (id int,,);\n");
  SECTION("in one transaction") {
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.server()->sqlstate == "42601");
    CHECK(shop.deployed().empty());
    CHECK_FALSE(shop.has_schema("shop"));
  }
  SECTION("without: the first stays, the third is not tried") {
    DeployOptions options;
    options.scope = TransactionScope::none;
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK_THAT(error.database_state(), Catch::Contains("1 change of simple is committed"));
    CHECK(shop.deployed() == "simple:schema");
    CHECK(shop.events() == "deploy simple:schema ok\ndeploy simple:table 42601");
    CHECK(shop.observer.all<ChangeStarted>().size() == 2);
  }
}

TEST_CASE("cross-project-dependencies: a, then b, recorded with its module's name") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy(deploy_of("project-a"));
  shop.deploy(deploy_of("project-b"));
  CHECK(requirements(shop, "project-b", "app_schema") == "project-a:base_schema");
  CHECK(shop.query("SELECT * FROM pgpm_migrate.get_dependents('project-a', 'base_types')") ==
        "project-b|app_tables|project-a:base_types");
  CHECK(shop.query("SELECT * FROM pgpm_migrate.get_dependents('project-a', 'base_schema')") ==
        "project-a|base_types|project-a:base_schema\nproject-b|app_schema|project-a:base_schema");
  const Error error = error_of([&] { shop.revert(revert_last("project-a")); });
  CHECK_THAT(messages(error),
             Catch::Contains("Cannot revert base_types: required by project-b:app_tables"));
  CHECK(count_of(shop, "project-a") == "2");
  CHECK(count_of(shop, "project-b") == "2");
}

TEST_CASE("cross-project-dependencies: b alone is refused before anything") {
  Workshop shop;
  add_cross_project(shop);
  DeployOptions options = deploy_of("project-b");
  options.recursive = false;
  const Error error = error_of([&] { shop.deploy(options); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK(error.diagnostics().size() == 2);
  CHECK_THAT(messages(error),
             Catch::Contains("Missing required changes for app_schema: project-a:base_schema") &&
                 Catch::Contains("Missing required changes for app_tables: project-a:base_types"));
  CHECK_FALSE(shop.has_ledger());
}

TEST_CASE("cross-project-dependencies: a chain over three projects") {
  Workshop shop;
  add_cross_project(shop);
  shop.add_module("project-c",
                  {{"report [project-b:app_tables project-a:base_schema]",
                    "CREATE VIEW app.report AS TABLE app.t;", "DROP VIEW app.report;", ""}},
                  "project-b");
  shop.deploy(deploy_of("project-c"));
  CHECK(requirements(shop, "project-c", "report") == "project-a:base_schema project-b:app_tables");
  const Error error = error_of([&] { shop.revert(revert_all("project-b")); });
  CHECK_THAT(messages(error), Catch::Contains("required by project-c:report"));
  CHECK(shop.revert(revert_all()).done == 5);
}

TEST_CASE("a plan that needs a module its control file does not require still gets it first") {
  Workshop shop;
  shop.add_module("aa", {{"user [zz:base]", "CREATE TABLE u (LIKE base);", "DROP TABLE u;", ""}});
  shop.add_module("zz", {{"base", "CREATE TABLE base ();", "DROP TABLE base;", ""}});
  shop.deploy(deploy_of("aa"));
  CHECK(shop.deployed() == "zz:base aa:user");
  CHECK(shop.observer.all<WarningRaised>().size() >= 1);
}

TEST_CASE("tag-based-migration: tags in requirements become changes in the ledger") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy();
  CHECK(requirements(shop, "my-second", "create_schema") == "my-first:table_users");
  CHECK(requirements(shop, "my-third", "create_schema") ==
        "my-first:table_products my-second:create_table");
  CHECK(shop.query("SELECT package || ' ' || tag || ' ' || change_name FROM pgpm_migrate.tags "
                   "ORDER BY 1") ==
        "my-first v1.0.0 table_users\nmy-first v1.1.0 table_products\n"
        "my-second v2.0.0 create_table\nmy-second v2.1.0 create_another_table\n"
        "my-third v2.0.0 create_schema\nmy-third v3.0.0 create_table");
}

TEST_CASE("tag-based-migration: reverting tagged changes is refused while others build on them") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy();
  const Error first = error_of([&] { shop.revert(revert_to("@v1.0.0", "my-first")); });
  CHECK_THAT(messages(first),
             Catch::Contains("Cannot revert table_products: required by my-third:create_schema"));
  const Error second = error_of([&] { shop.revert(revert_all("my-second")); });
  CHECK_THAT(messages(second),
             Catch::Contains("Cannot revert create_table: required by my-third:create_schema"));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "8");
}

TEST_CASE("tag-based-migration: deploy and revert by tags, back and forth") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy();
  for (int round = 0; round < 3; ++round) {
    CHECK(shop.revert(revert_all("my-third")).done == 2);
    CHECK(shop.revert(revert_to("@v2.0.0", "my-second")).done == 1);
    CHECK(shop.revert(revert_to("my-second:create_schema", "my-second")).done == 1);
    CHECK(shop.revert(revert_to("@v1.0.0", "my-first")).done == 1);
    CHECK(shop.deployed() ==
          "my-first:schema_myfirstapp my-first:table_users my-second:create_schema");
    CHECK(shop.deploy(deploy_of("my-first", "my-first:@v1.1.0")).done == 1);
    CHECK(shop.deploy(deploy_of("my-third", "@v2.0.0")).done == 3);
    CHECK(shop.deploy(deploy_of("my-third")).done == 1);
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "8");
  }
}

TEST_CASE("tag-based-migration: to @v2.0.0 is inclusive, then @v2.1.0 is just the next change") {
  Workshop shop;
  add_simple_with_tags(shop);
  CHECK(shop.deploy(deploy_of("my-second", "@v2.0.0")).done == 5);
  CHECK(count_of(shop, "my-second") == "2");
  CHECK(shop.deploy(deploy_of("my-second", "@v2.1.0")).done == 1);
  CHECK(count_of(shop, "my-second") == "3");
  SECTION("to an earlier one that is deployed: nothing, surprise 3") {
    shop.revert(revert_last("my-second"));
    CHECK(shop.deploy(deploy_of("my-second", "@v2.0.0")).done == 0);
    CHECK(shop.deploy(deploy_of("my-second", "create_schema")).done == 0);
    CHECK(count_of(shop, "my-second") == "2");
  }
}

TEST_CASE("target-api: module, module:change and module:@tag; anything else is an error") {
  Workshop shop;
  add_simple_with_tags(shop);
  CHECK(shop.deploy(deploy_of("my-first", "my-first:schema_myfirstapp")).done == 1);
  CHECK(shop.deploy(deploy_of("my-first", "my-first:@v1.0.0")).done == 1);
  CHECK(shop.verify(verify_of("my-first", "my-first:@v1.0.0")).done == 2);
  CHECK(shop.deploy(deploy_of("my-first")).done == 1);
  CHECK(shop.revert(revert_to("my-first:@v1.0.0", "my-first")).done == 1);
  CHECK(shop.revert(revert_to("my-first:schema_myfirstapp", "my-first")).done == 1);
  for (const std::string to : {"my-first:", "my-first:@", "a:b:c", "a:b:@c", "@",
                               "my-second:@v2.0.0", "my-first:@v9", "schema_myfirstap"}) {
    CAPTURE(to);
    CHECK(error_of([&] { shop.deploy(deploy_of("my-first", to)); }).code() ==
          ErrorCode::configuration);
    CHECK(error_of([&] { shop.verify(verify_of("my-first", to)); }).code() ==
          ErrorCode::configuration);
    CHECK(error_of([&] { shop.revert(revert_to(to, "my-first")); }).code() ==
          ErrorCode::configuration);
  }
  CHECK(shop.deployed() == "my-first:schema_myfirstapp");
}

TEST_CASE("deployment-w-exts, workspace-w-exts: modules in extensions/ come along when required") {
  Workshop shop;
  shop.files.write("pgpm.json", R"({"packages": ["packages/*"], "name": "sample"})");
  shop.add_module("sample",
                  {{"names [pgpm-inflection:schema]", "CREATE TABLE names (x citext);",
                    "DROP TABLE names;", "SELECT FROM names;"}},
                  "citext,pgpm-inflection");
  shop.files.write_module("extensions/@pgpm/inflection", "pgpm-inflection",
                          "%syntax-version=1.0.0\n%project=pgpm-inflection\n\n"
                          "schema 2024-01-15T10:00:00Z Ada <ada@example.com>\n",
                          "pgcrypto,pgpm-verify");
  shop.files.write_module("extensions/@pgpm/verify", "pgpm-verify",
                          "%syntax-version=1.0.0\n%project=pgpm-verify\n\n"
                          "functions 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  shop.files.write_module("extensions/@pgpm/unused", "pgpm-unused",
                          "%syntax-version=1.0.0\n%project=pgpm-unused\n\n"
                          "thing 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  shop.deploy(deploy_of("sample"));
  CHECK(shop.deployed() == "pgpm-verify:functions pgpm-inflection:schema sample:names");
  CHECK(shop.query("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension") ==
        "citext pgcrypto plpgsql");
  const auto created = shop.observer.all<ExtensionCreated>();
  REQUIRE(created.size() == 2);
  CHECK(created[0].module == "pgpm-inflection");
  CHECK(created[1].extension == "citext");
  CHECK(shop.revert(revert_all("sample")).done == 1);
  CHECK(shop.deployed() == "pgpm-verify:functions pgpm-inflection:schema");
}

TEST_CASE("deploy-failure-scenarios: a unique violation, 23505") {
  Workshop shop;
  shop.add_module(
      "test-constraint-fail",
      {{"create_table", "CREATE TABLE t (id int, name text UNIQUE);", "DROP TABLE t;", ""},
       {"add_record [create_table]", "INSERT INTO t VALUES (1, 'duplicate');", "DELETE FROM t;",
        ""},
       {"violate_constraint [add_record]", "INSERT INTO t VALUES (2, 'duplicate');", "", ""},
       {"after [violate_constraint]", "CREATE TABLE after ();", "", ""}});
  SECTION("in a transaction: no change, one event") {
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.server()->sqlstate == "23505");
    CHECK(error.server()->constraint == "t_name_key");
    CHECK_THAT(error.server()->detail, Catch::Contains("(name)=(duplicate)"));
    CHECK(shop.deployed().empty());
    CHECK_FALSE(shop.has("t"));
    CHECK(shop.query("SELECT event_type, change_name, error_message, error_code "
                     "FROM pgpm_migrate.events") ==
          "deploy|violate_constraint|duplicate key value violates unique constraint "
          "\"t_name_key\"|23505");
  }
  SECTION("without: the first two stay, the last is not tried") {
    DeployOptions options;
    options.scope = GENERATE(TransactionScope::none, TransactionScope::change);
    error_of([&] { shop.deploy(options); });
    CHECK(shop.deployed() == "test-constraint-fail:create_table test-constraint-fail:add_record");
    CHECK(shop.query("SELECT count(*) FROM t") == "1");
    CHECK(shop.events() ==
          "deploy test-constraint-fail:create_table ok\n"
          "deploy test-constraint-fail:add_record ok\n"
          "deploy test-constraint-fail:violate_constraint 23505");
  }
}

TEST_CASE("deploy-failure-scenarios: a check violation, 23514, and going on once it is mended") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t (n int CHECK (n > 0));", "DROP TABLE t;", ""},
                        {"bad [t]", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (-1);",
                         "DELETE FROM t;", ""}});
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.server()->sqlstate == "23514");
  REQUIRE(error.where());
  CHECK(error.where()->line == 2);
  CHECK_FALSE(shop.has("t"));
  shop.write("packages/m/deploy/bad.sql", "INSERT INTO t VALUES (1);");
  CHECK(shop.deploy().done == 2);
}

TEST_CASE("deploy-failure-scenarios: a verify script that fails, afterwards and at once") {
  Workshop shop;
  shop.add_module("m", {{"create_simple_table", "CREATE TABLE simple ();", "DROP TABLE simple;",
                         "SELECT 1/0 FROM (VALUES (1)) AS v;"}});
  SECTION("deployed without verification, then verified") {
    DeployOptions options;
    options.verify = false;
    shop.deploy(options);
    const Error error = error_of([&] { shop.verify(); });
    CHECK(std::string(error.what()) == "Verification failed: 1 change(s): create_simple_table");
    CHECK(shop.deployed() == "m:create_simple_table");
  }
  SECTION("deploy verifies by itself, and nothing stays") {
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::verification_failed);
    CHECK(shop.deployed().empty());
    CHECK_FALSE(shop.has("simple"));
  }
  CHECK(shop.query("SELECT event_type, change_name, error_code FROM pgpm_migrate.events "
                   "WHERE error_message IS NOT NULL") ==
        "verify|create_simple_table|VERIFICATION_FAILED");
}

TEST_CASE("deploy-log-only: a full ledger, no objects; extensions and checks as ever") {
  Workshop shop;
  add_simple_with_tags(shop);
  DeployOptions options = deploy_of("my-third");
  options.log_only = true;
  options.scope = GENERATE(TransactionScope::module, TransactionScope::none, TransactionScope::run,
                           TransactionScope::change);
  CHECK(shop.deploy(options).done == 8);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "8");
  CHECK_FALSE(shop.has_schema("myfirstapp"));
  CHECK_FALSE(shop.has_schema("mythirdapp"));
  CHECK(shop.query("SELECT count(*) FROM pg_extension WHERE extname IN ('citext', 'pgcrypto')") ==
        "2");
  CHECK(requirements(shop, "my-second", "create_schema") == "my-first:table_users");
}

TEST_CASE("deploy-log-only: what refuses transactions is not run either, surprise 4") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t (id int);", "DROP TABLE t;", ""},
                        {"i [t]", "CREATE INDEX CONCURRENTLY t_i ON t (id);",
                         "DROP INDEX CONCURRENTLY t_i;", "SELECT 't_i'::regclass;"}});
  DeployOptions options;
  options.log_only = true;
  CHECK(shop.deploy(options).done == 2);
  CHECK(shop.deployed() == "m:t m:i");
  CHECK_FALSE(shop.has("t"));
  RevertOptions back = revert_all();
  back.log_only = true;
  CHECK(shop.revert(back).done == 2);
}

TEST_CASE("deploy-modules, verify-modules: my-third and what it needs, in one call") {
  Workshop shop;
  add_simple_with_tags(shop);
  CHECK(shop.deploy(deploy_of("my-third")).done == 8);
  CHECK(shop.observer.all<RunStarted>().front().modules ==
        std::vector<std::string>{"my-first", "my-second", "my-third"});
  for (const char* schema : {"myfirstapp", "mysecondapp", "mythirdapp"})
    CHECK(shop.has_schema(schema));
  CHECK(shop.has("mythirdapp.customers"));
  CHECK(shop.query("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension") ==
        "citext pgcrypto plpgsql");
  CHECK(shop.verify(verify_of("my-third")).done == 8);
  shop.query("DROP TABLE mysecondapp.consent");
  const Error error = error_of([&] { shop.verify(verify_of("my-third")); });
  CHECK(std::string(error.what()) == "Verification failed: 1 change(s): create_another_table");
}

TEST_CASE("deployment-scenarios: the whole workspace deployed, verified, reverted, and again") {
  Workshop shop;
  add_simple_with_tags(shop);
  for (int round = 0; round < 2; ++round) {
    CHECK(shop.deploy().done == 8);
    CHECK(shop.verify().done == 8);
    CHECK(shop.revert(revert_all()).done == 8);
    CHECK(shop.deployed().empty());
    CHECK_FALSE(shop.has_schema("myfirstapp"));
  }
}

TEST_CASE("deployment-scenarios: targeted and whole runs mixed") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy(deploy_of("my-first", "@v1.0.0"));
  CHECK(shop.deploy(deploy_of("my-second")).done == 4);
  CHECK(shop.deploy().done == 2);
  CHECK(shop.revert(revert_all("my-third")).done == 2);
  CHECK(shop.deploy().done == 2);
  CHECK(shop.revert(revert_all()).done == 8);
}

// Upstream reverts every module that sorts behind the target; here only what depends on it goes,
// and only with --cascade.
TEST_CASE("revert-truncation-scenarios: my-first to @v1.0.0 takes what depends on the rest along") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.add_module("zz-unrelated", {{"z", "CREATE TABLE z ();", "DROP TABLE z;", ""}});
  shop.deploy();
  RevertOptions options = revert_to("@v1.0.0", "my-first");
  options.cascade = true;
  CHECK(shop.revert(options).done == 3);
  CHECK(count_of(shop, "my-first") == "2");
  CHECK(count_of(shop, "my-second") == "3");
  CHECK(count_of(shop, "my-third") == "0");
  CHECK(count_of(shop, "zz-unrelated") == "1");
  CHECK(shop.deploy().done == 3);
}

TEST_CASE("revert-truncation-scenarios: my-second goes with my-third, my-first stays") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy();
  RevertOptions options = revert_all("my-second");
  options.cascade = true;
  CHECK(shop.revert(options).done == 5);
  CHECK(count_of(shop, "my-first") == "3");
  CHECK(count_of(shop, "my-third") == "0");
}

TEST_CASE("forked-deployment-scenarios: revert to a tag, edit what was reverted, deploy it anew") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy(deploy_of("my-second"));
  shop.revert(revert_to("@v2.0.0", "my-second"));
  const std::string forked = "CREATE TABLE mysecondapp.consent (id int, forked boolean);";
  shop.write("packages/my-second/deploy/create_another_table.sql", forked);
  CHECK(shop.deploy(deploy_of("my-second")).done == 1);
  CHECK(shop.query("SELECT script_hash FROM pgpm_migrate.changes "
                   "WHERE change_name = 'create_another_table'") == sha256_hex(forked));
  CHECK(shop.query("SELECT count(*) FROM information_schema.columns WHERE table_name = 'consent' "
                   "AND column_name = 'forked'") == "1");
}

TEST_CASE("dynamic-plan-modification: changes added to a plan that is deployed") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/pgpm.plan",
             shop.files.read("packages/simple/pgpm.plan") +
                 "view [table] 2024-01-15T10:00:00Z Ada <ada@example.com> # later\n");
  shop.write("packages/simple/deploy/view.sql", "CREATE VIEW shop.v AS TABLE shop.t;");
  CHECK(shop.module_status().pending == std::vector<std::string>{"view"});
  CHECK(shop.deploy().done == 1);
  CHECK(shop.has("shop.v"));
  CHECK(requirements(shop, "simple", "view") == "simple:table");
}

TEST_CASE("tag-functionality: deploy to a tag, on to the end, back to the tag") {
  Workshop shop;
  add_simple(shop);
  const auto tag = [&](const std::string& line) {
    shop.write("packages/simple/pgpm.plan", shop.files.read("packages/simple/pgpm.plan") + line +
                                                " 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  };
  tag("@v1.1.0");
  tag("@v1.0.0 table");
  CHECK(shop.deploy(deploy_of("simple", "@v1.0.0")).done == 2);
  CHECK(shop.deploy().done == 1);
  CHECK(shop.query("SELECT tag, change_name FROM pgpm_migrate.tags ORDER BY tag") ==
        "v1.0.0|table\nv1.1.0|index");
  CHECK(shop.revert(revert_to("@v1.0.0")).done == 1);
  CHECK(shop.query("SELECT tag, change_name FROM pgpm_migrate.tags") == "v1.0.0|table");
  CHECK(shop.module_status().tag == "@v1.0.0");
}

TEST_CASE("local-tracking-guard: two modules may have changes of the same name") {
  Workshop shop;
  shop.add_module("one", {{"schema", "CREATE SCHEMA one;", "DROP SCHEMA one;", ""},
                          {"table [schema]", "CREATE TABLE one.t ();", "DROP TABLE one.t;", ""}});
  shop.add_module(
      "two",
      {{"schema", "CREATE SCHEMA two;", "DROP SCHEMA two;", ""},
       {"table [schema one:schema]", "CREATE TABLE two.t ();", "DROP TABLE two.t;", ""}},
      "one");
  CHECK(shop.deploy().done == 4);
  CHECK(requirements(shop, "two", "table") == "one:schema two:schema");
  CHECK(shop.revert(revert_all("two")).done == 2);
  CHECK(shop.deployed() == "one:schema one:table");
}

TEST_CASE("requires = '' in a control file means no requirements, surprise 23") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "SELECT 1;", ""}}, "");
  CHECK_THAT(shop.files.read("packages/m/m.control"), Catch::Contains("requires = ''"));
  CHECK(shop.deploy().done == 1);
  CHECK(shop.observer.all<ExtensionCreated>().empty());
}

TEST_CASE("a module whose control name is not its %project deploys under its %project") {
  Workshop shop;
  shop.files.write_module("packages/measure", "measure",
                          "%syntax-version=1.0.0\n%project=pgpm-measure\n\n"
                          "a 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  shop.write("packages/measure/package.json", R"({"name": "@pgpm/measure"})");
  for (const char* name : {"measure", "pgpm-measure", "@pgpm/measure"}) {
    CHECK(shop.deploy(deploy_of(name)).done + shop.revert(revert_all(name)).done == 2);
  }
}

TEST_CASE("warnings about a script are told and do not stop it") {
  Workshop shop;
  shop.add_module("m", {{"a",
                         "-- pgpm: irreversibel\nBEGIN ISOLATION LEVEL SERIALIZABLE;\n"
                         "CREATE TABLE a ();\nCOMMIT;\n",
                         "BEGIN ISOLATION LEVEL SERIALIZABLE; DROP TABLE a; COMMIT;",
                         "BEGIN READ ONLY; SELECT FROM a; ROLLBACK;"}});
  CHECK(shop.deploy().done == 1);
  CHECK(shop.observer.all<WarningRaised>().size() >= 2);
  CHECK(shop.verify().done == 1);
  CHECK(shop.revert(revert_all()).done == 1);
  CHECK(shop.has("a") == false);
}

TEST_CASE("syntax that a bundled parser would not know is the server's to judge, surprise 27") {
  Workshop shop;
  // A body that is SQL and not a string came with 14.
  if (shop.database.connection().server_version() < 140000) return;
  shop.add_module("m", {{"a",
                         "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n"
                         "  SELECT x + 1;\n  SELECT x + 2;\nEND;\n"
                         "COMMENT ON FUNCTION f IS 'kept; as -- written';",
                         "DROP FUNCTION f;", "SELECT 1/(f(1) - 2);"}});
  CHECK(shop.deploy().done == 1);
  CHECK(shop.query("SELECT obj_description('f'::regproc)") == "kept; as -- written");
}

TEST_CASE("names and hashes that run together are two changes, surprise 28") {
  Workshop shop;
  shop.add_module("ab", {{"c", "SELECT 1;", "", ""}});
  shop.add_module("a", {{"bd", "SELECT 1;", "", ""}});
  CHECK(shop.deploy().done == 2);
}

TEST_CASE("two databases in one process are two, surprise 29") {
  Workshop one, two;
  add_simple(one);
  add_simple(two);
  one.deploy();
  CHECK(two.deployed().empty());
  CHECK(two.deploy(deploy_of("simple", "schema")).done == 1);
  CHECK(one.deploy().done == 0);
}
