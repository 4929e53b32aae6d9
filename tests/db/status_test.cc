// What pgpm status, list and log say of a database (decision D9), and that they never write.
#include <catch2/catch.hpp>

#include "pgpm/ledger.h"
#include "tests/support/fixtures.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::vector<ListedChange> listed(Workshop& shop, const std::vector<std::string>& modules = {}) {
  return list_changes(shop.load(), shop.target(), modules, {});
}

std::string statuses(const std::vector<ListedChange>& changes) {
  std::string text;
  for (const ListedChange& change : changes)
    text += (text.empty() ? "" : " ") + change.change + "=" + change.status;
  return text;
}

}  // namespace

TEST_CASE("reading verbs never make the ledger, surprise 18") {
  Workshop shop;
  add_simple(shop);
  const StatusReport report = shop.status();
  CHECK_FALSE(report.ledger_installed);
  CHECK(report.database == shop.database.name());
  REQUIRE(report.modules.size() == 1);
  CHECK(report.modules[0].pending == std::vector<std::string>{"schema", "table", "index"});
  CHECK(report.modules[0].deployed == 0);
  CHECK_FALSE(report.modules[0].tag);
  CHECK_FALSE(report.modules[0].last_change);
  CHECK_FALSE(report.modules[0].last_deployed_at);
  CHECK(statuses(listed(shop)) == "schema=pending table=pending index=pending");
  CHECK(history(shop.target(), {}, 10, {}).empty());
  CHECK(plan_deploy(shop.load(), shop.target(), {}, {}).changes() == 3);
  CHECK(plan_revert(shop.load(), shop.target(), revert_all(), {}).empty());
  shop.verify();
  shop.revert(revert_all());
  CHECK_FALSE(shop.has_ledger());
}

TEST_CASE("reading works where nothing may be written") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.query("ALTER DATABASE " + shop.database.name() + " SET default_transaction_read_only TO on");
  CHECK(shop.module_status().deployed == 3);
  CHECK(shop.verify().done == 3);
  CHECK(statuses(listed(shop)) == "schema=deployed table=deployed index=deployed");
  CHECK(history(shop.target(), {}, 10, {}).size() == 4);
}

TEST_CASE("status: counts, pending changes, the current tag, the last change and by whom") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.deploy(deploy_of("my-first", "table_products"));
  shop.deploy(deploy_of("my-second", "create_table"));
  const StatusReport report = shop.status();
  CHECK(report.ledger_installed);
  REQUIRE(report.modules.size() == 3);
  const ModuleStatus &first = report.modules[0], &second = report.modules[1],
                     &third = report.modules[2];
  CHECK(first.module == "my-first");
  CHECK(first.deployed == 3);
  CHECK(first.pending.empty());
  CHECK(first.tag == "@v1.1.0");
  CHECK(first.last_change == "table_products");
  CHECK(first.deployed_by == shop.query("SELECT session_user"));
  CHECK(first.last_deployed_at ==
        shop.query("SELECT to_char(deployed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US"
                   "\"Z\"') FROM pgpm_migrate.changes WHERE change_name = 'table_products'"));
  CHECK(second.tag == "@v2.0.0");
  CHECK(second.pending == std::vector<std::string>{"create_another_table"});
  CHECK(third.deployed == 0);
  CHECK(third.pending == std::vector<std::string>{"create_schema", "create_table"});
  CHECK_FALSE(third.tag);

  const StatusReport one = status(shop.load(), shop.target(), {"my-second"}, {});
  REQUIRE(one.modules.size() == 1);
  CHECK(one.modules[0].module == "my-second");
}

TEST_CASE("status: a tag is reached when everything up to its change is deployed") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "SELECT 1;", ""},
                        {"@early", "", "", ""},
                        {"b", "SELECT 2;", "SELECT 2;", ""},
                        {"@late", "", "", ""},
                        {"@later", "", "", ""}});
  shop.deploy(deploy_of("m", "@early"));
  CHECK(shop.module_status().tag == "@early");
  shop.deploy();
  CHECK(shop.module_status().tag == "@later");
  shop.revert(revert_to("@early"));
  CHECK(shop.module_status().tag == "@early");
  shop.revert(revert_all());
  CHECK_FALSE(shop.module_status().tag);
}

TEST_CASE("status and list: edited scripts, but not reformatted ones, surprise 8") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/deploy/schema.sql", "-- a comment\ncreate schema shop;\n");
  shop.write("packages/simple/deploy/table.sql", "CREATE TABLE shop.t (id bigint);");
  CHECK(shop.module_status().edited == std::vector<std::string>{"table"});
  CHECK(statuses(listed(shop)) == "schema=deployed table=edited index=deployed");
}

TEST_CASE("status: deployed changes that the plan does not have, and interrupted ones") {
  Workshop shop;
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/pgpm.plan",
             "%syntax-version=1.0.0\n%project=simple\n\n"
             "schema 2024-01-15T10:00:00Z Ada <ada@example.com>\n"
             "view 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  shop.query(
      "INSERT INTO pgpm_migrate.intents (package, change_name, action, script_hash) "
      "VALUES ('simple', 'view', 'deploy', 'x'), ('other', 'thing', 'deploy', 'x')");
  const ModuleStatus status = shop.module_status();
  CHECK(status.unplanned == std::vector<std::string>{"table", "index"});
  CHECK(status.interrupted == std::vector<std::string>{"view"});
  CHECK(status.pending == std::vector<std::string>{"view"});
  CHECK(status.deployed == 3);
  CHECK(status.last_change == "index");
}

TEST_CASE("list offline needs no database, online it says when and by whom") {
  Workshop shop;
  shop.add_module("m", {{"a", "SELECT 1;", "SELECT 1;", ""},
                        {"@v1", "", "", ""},
                        {"b [a !c]", "SELECT 2;", "SELECT 2;", ""}});
  const auto offline = list_changes(shop.load(), std::nullopt, {}, {});
  CHECK(statuses(offline) == "a=unknown b=unknown");
  CHECK(offline[0].tags == std::vector<std::string>{"v1"});
  CHECK(offline[1].requires_changes == std::vector<std::string>{"a"});
  CHECK(offline[1].conflicts == std::vector<std::string>{"c"});
  shop.deploy(deploy_of("m", "a"));
  const auto online = listed(shop);
  CHECK(statuses(online) == "a=deployed b=pending");
  CHECK(online[0].deployed_by == shop.query("SELECT session_user"));
  CHECK_FALSE(online[0].deployed_at.empty());
  CHECK(online[1].deployed_at.empty());
}

TEST_CASE("history: runs and events, newest first, of all modules or of some") {
  Workshop shop;
  add_cross_project(shop);
  DeployOptions options = deploy_of("project-a");
  options.tool_version = "1.2.3";
  shop.deploy(options);
  shop.write("packages/project-b/deploy/app_schema.sql", "SELECT 1/0;");
  error_of([&] { shop.deploy(); });
  const auto entries = history(shop.target(), {}, 100, {});
  REQUIRE(entries.size() == 5);
  CHECK(entries[0].kind == "event");
  CHECK(entries[0].change == "app_schema");
  CHECK(entries[0].outcome == "failed");
  CHECK(entries[0].error_code == "22012");
  CHECK(entries[0].error_message == "division by zero");
  CHECK(entries[0].run_id == 2);
  CHECK(entries[1].kind == "run");
  CHECK(entries[1].outcome == "failed");
  CHECK(entries[1].module == "project-b");
  CHECK(entries[4].tool_version == "1.2.3");
  CHECK(entries[4].by == shop.query("SELECT session_user"));
  CHECK(history(shop.target(), {}, 2, {}).size() == 2);
  CHECK(history(shop.target(), {"project-a"}, 100, {}).size() == 3);
}

TEST_CASE("init_ledger makes the ledger once") {
  Workshop shop;
  CHECK(init_ledger(shop.target(), {}, shop.observer, {}));
  CHECK(shop.has_ledger());
  CHECK_FALSE(init_ledger(shop.target(), {}, shop.observer, {}));
}
