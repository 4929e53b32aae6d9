// What pgpm revert takes back: how far, in which order, and who stands in the way (decision D4).
#include <catch2/catch.hpp>

#include "tests/support/fixtures.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// a to e, each a table, with a tag on b and on d.
void add_five(Workshop& shop, const std::string& module = "m") {
  std::vector<ScriptedChange> changes;
  for (const std::string name : {"a", "b", "@v1", "c", "d", "@v2", "e"}) {
    changes.push_back({name, "CREATE TABLE " + name + " ();", "DROP TABLE " + name + ";", ""});
  }
  shop.add_module(module, changes);
}

/// Everything a revert could have touched.
std::string whole_ledger(Workshop& shop) {
  return shop.query(
      "SELECT (SELECT string_agg(c::text, ',' ORDER BY deploy_order) FROM pgpm_migrate.changes c), "
      "(SELECT count(*) FROM pgpm_migrate.events), (SELECT count(*) FROM pgpm_migrate.runs)");
}

}  // namespace

TEST_CASE("revert takes the last deployed change back") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  const RunReport report = shop.revert(revert_last());
  CHECK(report.done == 1);
  CHECK(shop.deployed() == "simple:schema simple:table");
  CHECK_FALSE(shop.has("shop.t_id"));
  CHECK(shop.has("shop.t"));
  CHECK(shop.query("SELECT command, modules, outcome FROM pgpm_migrate.runs ORDER BY run_id") ==
        "deploy|{simple}|ok\nrevert|{simple}|ok");
  CHECK(shop.query("SELECT event_type, package, change_name, run_id, error_code IS NULL "
                   "FROM pgpm_migrate.events ORDER BY event_id DESC LIMIT 1") ==
        "revert|simple|index|2|t");
  CHECK(shop.observer.names() == std::vector<std::string>{"run_started", "module_started",
                                                          "change_started", "change_finished",
                                                          "committed", "run_finished"});
}

TEST_CASE("revert --to is exclusive: what it names stays") {
  Workshop shop;
  add_five(shop);
  shop.deploy();
  struct Case {
    const char* to;
    const char* left;
  };
  const Case given =
      GENERATE(Case{"c", "m:a m:b m:c"}, Case{"a", "m:a"}, Case{"e", "m:a m:b m:c m:d m:e"},
               Case{"@v1", "m:a m:b"}, Case{"@v2", "m:a m:b m:c m:d"}, Case{"b@v1", "m:a m:b"},
               Case{"m:c", "m:a m:b m:c"}, Case{"m:@v1", "m:a m:b"},
               Case{"HEAD", "m:a m:b m:c m:d m:e"}, Case{"@HEAD^", "m:a m:b m:c m:d"},
               Case{"HEAD^^", "m:a m:b m:c"}, Case{"HEAD^3", "m:a m:b"}, Case{"ROOT", "m:a"},
               Case{"ROOT~", "m:a m:b"}, Case{"c^", "m:a m:b"}, Case{"@v1~", "m:a m:b m:c"});
  CAPTURE(given.to);
  shop.revert(revert_to(given.to));
  CHECK(shop.deployed() == given.left);
  CHECK(shop.query("SELECT string_agg('m:' || relname, ' ' ORDER BY relname) FROM pg_class "
                   "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'") == given.left);
}

TEST_CASE("HEAD and ROOT of a revert are the last and first change that is deployed") {
  Workshop shop;
  add_five(shop);
  shop.deploy(deploy_of("m", "c"));
  CHECK(shop.revert(revert_to("HEAD^")).done == 1);
  CHECK(shop.deployed() == "m:a m:b");
}

TEST_CASE("an unknown --to is refused before anything, surprise 2 of upstream") {
  Workshop shop;
  add_five(shop);
  shop.deploy();
  const std::string before = whole_ledger(shop);
  const std::string to =
      GENERATE("f", "@v3", "HEAD^5", "ROOT~5", "e~", "other:a", "other:HEAD", "a b", "", "d@v1");
  CAPTURE(to);
  const Error error = error_of([&] { shop.revert(revert_to(to)); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(whole_ledger(shop) == before);
}

TEST_CASE("revert --all takes everything of the module, newest first") {
  Workshop shop;
  add_five(shop);
  shop.deploy();
  CHECK(shop.revert(revert_all()).done == 5);
  CHECK(shop.deployed().empty());
  std::string order;
  for (const ChangeStarted& started : shop.observer.all<ChangeStarted>()) order += started.change;
  CHECK(order == "edcba");
  CHECK(shop.query("SELECT package FROM pgpm_migrate.packages") == "m");
}

TEST_CASE("changes go in the reverse of the order they were deployed in, not of the plan's") {
  Workshop shop;
  shop.add_module("m", {{"one", "CREATE TABLE one ();", "DROP TABLE one;", ""},
                        {"two", "CREATE TABLE two ();", "DROP TABLE two;", ""}});
  shop.deploy();
  shop.add_module("m", {{"between", "ALTER TABLE two ADD x int;", "ALTER TABLE two DROP x;", ""},
                        {"one", "CREATE TABLE one ();", "DROP TABLE one;", ""},
                        {"two", "CREATE TABLE two ();", "DROP TABLE two;", ""}});
  shop.deploy();
  CHECK(shop.deployed() == "m:one m:two m:between");
  CHECK(shop.revert(revert_last()).done == 1);
  CHECK(shop.deployed() == "m:one m:two");
  shop.deploy();
  CHECK(shop.revert(revert_all()).done == 3);
}

TEST_CASE("dependants in other modules refuse a revert, naming each, unless they may go too") {
  Workshop shop;
  add_cross_project(shop);
  shop.add_module("project-c",
                  {{"extra [project-a:base_types]", "CREATE TABLE extra (v base.money);",
                    "DROP TABLE extra;", ""}},
                  "project-a");
  shop.deploy();
  const std::string before = whole_ledger(shop);

  SECTION("the last change") {
    const Error error = error_of([&] { shop.revert(revert_last("project-a")); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK_THAT(messages(error),
               Catch::Contains("Cannot revert base_types: required by project-b:app_tables, "
                               "project-c:extra"));
    CHECK(error.diagnostics().front().hint.find("--cascade") != std::string::npos);
    CHECK(error.database_state() == "nothing was changed");
    CHECK(whole_ledger(shop) == before);
  }
  SECTION("all of it: each change that is needed is named") {
    const Error error = error_of([&] { shop.revert(revert_all("project-a")); });
    CHECK(error.diagnostics().size() == 2);
    CHECK_THAT(messages(error),
               Catch::Contains("Cannot revert base_schema: required by project-b:app_schema"));
    CHECK(whole_ledger(shop) == before);
  }
  SECTION("--cascade takes them first, and only them") {
    RevertOptions options = revert_last("project-a");
    options.cascade = true;
    const Worklist worklist = plan_revert(shop.load(), shop.target(), options, {});
    std::string planned;
    for (const ModuleSteps& module : worklist.modules) {
      for (const Step& step : module.steps) planned += step.change + " (" + step.reason + ") ";
    }
    CHECK(planned ==
          "extra (depends on project-a:base_types) app_tables (depends on project-a:base_types) "
          "base_types (asked for) ");
    CHECK(shop.revert(options).done == 3);
    CHECK(shop.deployed() == "project-a:base_schema project-b:app_schema");
  }
  SECTION("--cascade goes on to what depends on the dependants") {
    shop.add_module(
        "project-d",
        {{"far [project-c:extra]", "CREATE VIEW far AS TABLE extra;", "DROP VIEW far;", ""}},
        "project-c");
    shop.deploy();
    RevertOptions options = revert_last("project-a");
    options.cascade = true;
    CHECK(shop.revert(options).done == 4);
    CHECK(shop.deployed() == "project-a:base_schema project-b:app_schema");
  }
  SECTION("a module that was asked for too is no obstacle") {
    RevertOptions options;
    options.modules = {"project-a", "project-b", "project-c"};
    options.reach = RevertReach::all;
    CHECK(shop.revert(options).done == 5);
  }
}

TEST_CASE("a requirement that upstream stored without its module means the same module") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "SELECT 1;", ""}, {"b", "SELECT 2;", "SELECT 2;", ""}});
  shop.deploy();
  shop.query(
      "INSERT INTO pgpm_migrate.dependencies SELECT change_id, 'b' FROM pgpm_migrate.changes "
      "WHERE change_name = 'a'");
  const Error error = error_of([&] { shop.revert(revert_last()); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK_THAT(messages(error), Catch::Contains("Cannot revert b: required by m:a"));
}

TEST_CASE("a module with nothing deployed is nothing to revert and touches no other, surprise 1") {
  Workshop shop;
  add_cross_project(shop);
  add_five(shop, "zz");
  shop.deploy(deploy_of("zz"));
  const std::string before = whole_ledger(shop);
  RevertOptions options = GENERATE(revert_last("project-a"), revert_all("project-a"),
                                   revert_to("base_schema", "project-a"),
                                   revert_to("HEAD", "project-a"), revert_to("ROOT", "project-a"));
  const RunReport report = shop.revert(options);
  CHECK(report.done == 0);
  CHECK(whole_ledger(shop) == before);
  CHECK(shop.observer.names() == std::vector<std::string>{"run_started", "run_finished"});
}

TEST_CASE("modules that merely come later are left alone, surprise 10") {
  Workshop shop;
  add_five(shop, "aa");
  shop.add_module("bb", {{"other", "CREATE TABLE other ();", "DROP TABLE other;", ""}});
  shop.deploy();
  CHECK(shop.revert(revert_all("aa")).done == 5);
  CHECK(shop.deployed() == "bb:other");
  CHECK(shop.has("other"));
}

TEST_CASE("the whole workspace is reverted across modules in the reverse order of deployment") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy();
  CHECK(shop.revert(revert_all()).done == 4);
  CHECK(shop.deployed().empty());
  CHECK_FALSE(shop.has_schema("app"));
  CHECK_FALSE(shop.has_schema("base"));
  CHECK(shop.observer.all<RunStarted>().front().modules ==
        std::vector<std::string>{"project-b", "project-a"});
}

TEST_CASE("the last change or --to of several modules makes no sense") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy();
  CHECK(error_of([&] { shop.revert(revert_last()); }).code() == ErrorCode::usage);
  CHECK(error_of([&] { shop.revert(revert_to("base_schema")); }).code() == ErrorCode::usage);
}

TEST_CASE("a module that is not in the workspace") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy();
  SECTION("cannot be asked for") {
    const Error error = error_of([&] { shop.revert(revert_all("project-x")); });
    CHECK(error.code() == ErrorCode::configuration);
    CHECK_THAT(error.hint(), Catch::Contains("project-"));
  }
  SECTION("still protects what its changes need, and cannot be taken along") {
    shop.files.remove("packages/project-b");
    const Error refused = error_of([&] { shop.revert(revert_last("project-a")); });
    CHECK_THAT(messages(refused), Catch::Contains("required by project-b:app_tables"));
    RevertOptions options = revert_last("project-a");
    options.cascade = true;
    const Error error = error_of([&] { shop.revert(options); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK_THAT(messages(error), Catch::Contains("module project-b is not in this workspace"));
    SECTION("except from the ledger, which needs no scripts") {
      options.log_only = true;
      CHECK(shop.revert(options).done == 2);
      CHECK(shop.deployed() == "project-a:base_schema project-b:app_schema");
    }
  }
}

TEST_CASE("a deployed change that left the plan is reverted like any other") {
  Workshop shop;
  add_five(shop);
  shop.deploy();
  shop.write("packages/m/pgpm.plan",
             "%syntax-version=1.0.0\n%project=m\n\na 2024-01-15T10:00:00Z Ada <ada@example.com>\n"
             "b 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  CHECK(shop.module_status().unplanned == std::vector<std::string>{"c", "d", "e"});
  SECTION("as the last one") {
    CHECK(shop.revert(revert_last()).done == 1);
    CHECK(shop.deployed() == "m:a m:b m:c m:d");
  }
  SECTION("with --to, if it was deployed after what stays") {
    CHECK(shop.revert(revert_to("a")).done == 4);
    CHECK(shop.deployed() == "m:a");
  }
  SECTION("with --all") {
    CHECK(shop.revert(revert_all()).done == 5);
  }
  SECTION("unless its script went too") {
    shop.files.remove("packages/m/revert/e.sql");
    CHECK(error_of([&] { shop.revert(revert_last()); }).code() == ErrorCode::script_missing);
    CHECK(shop.deployed() == "m:a m:b m:c m:d m:e");
  }
}

TEST_CASE("the ledger's tags go with their changes, its events stay") {
  Workshop shop;
  add_five(shop);
  shop.deploy();
  CHECK(shop.query("SELECT string_agg(tag, ' ' ORDER BY tag) FROM pgpm_migrate.tags") == "v1 v2");
  shop.revert(revert_to("@v1"));
  CHECK(shop.query("SELECT string_agg(tag, ' ' ORDER BY tag) FROM pgpm_migrate.tags") == "v1");
  CHECK(
      shop.query("SELECT count(*) FROM pgpm_migrate.dependencies d LEFT JOIN pgpm_migrate.changes "
                 "USING (change_id) WHERE change_name IS NULL") == "0");
  CHECK(shop.events() ==
        "deploy m:a ok\ndeploy m:b ok\ndeploy m:c ok\ndeploy m:d ok\ndeploy m:e ok\n"
        "revert m:e ok\nrevert m:d ok\nrevert m:c ok");
  shop.deploy();
  CHECK(shop.query("SELECT string_agg(tag, ' ' ORDER BY tag) FROM pgpm_migrate.tags") == "v1 v2");
}
