// Commands on the ledger itself: accepting edits, and the baseline's SQL.
#include <catch2/catch.hpp>

#include "engine/text/digest.h"
#include "pgpm/ledger.h"
#include "tests/support/fixtures.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::vector<std::string> accept(Workshop& shop, const std::vector<std::string>& changes = {},
                                const std::vector<std::string>& modules = {}) {
  return accept_edits(shop.load(), shop.target(), modules, changes, {}, shop.observer, {});
}

/// Deploys simple, then edits two of its scripts and reformats the third.
void deploy_and_edit(Workshop& shop) {
  add_simple(shop);
  shop.deploy();
  shop.write("packages/simple/deploy/schema.sql", "CREATE SCHEMA shop; -- ours\n");
  shop.write("packages/simple/deploy/table.sql", "CREATE TABLE shop.t (id bigint);");
  shop.write("packages/simple/deploy/index.sql", "CREATE UNIQUE INDEX t_id ON shop.t (id);");
}

}  // namespace

TEST_CASE("accept records the new hash of every edited script, reformatted ones too") {
  Workshop shop;
  deploy_and_edit(shop);
  const std::string times = shop.query("SELECT deployed_at FROM pgpm_migrate.changes ORDER BY 1");
  CHECK(error_of([&] { shop.deploy(); }).code() == ErrorCode::edited_script);
  CHECK(accept(shop) == std::vector<std::string>{"simple:schema", "simple:table", "simple:index"});
  CHECK(shop.deploy().done == 0);
  CHECK(shop.module_status().edited.empty());
  CHECK(shop.query("SELECT script_hash FROM pgpm_migrate.changes WHERE change_name = 'table'") ==
        sha256_hex("CREATE TABLE shop.t (id bigint);"));
  CHECK(shop.query("SELECT bool_and(change_id = pgpm_migrate.change_id(package, change_name, "
                   "script_hash)) FROM pgpm_migrate.changes") == "t");
  CHECK(shop.query("SELECT requires FROM pgpm_migrate.dependencies ORDER BY 1") ==
        "simple:schema\nsimple:table");
  CHECK(shop.query("SELECT deployed_at FROM pgpm_migrate.changes ORDER BY 1") == times);
  CHECK(shop.query("SELECT command, modules, outcome FROM pgpm_migrate.runs ORDER BY run_id DESC "
                   "LIMIT 1") == "migrate accept|{simple}|ok");
  CHECK(accept(shop).empty());
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "2");
}

TEST_CASE("accept by name takes only those") {
  Workshop shop;
  deploy_and_edit(shop);
  const std::string name = GENERATE("table", "simple:table");
  CHECK(accept(shop, {name}) == std::vector<std::string>{"simple:table"});
  CHECK(shop.module_status().edited == std::vector<std::string>{"index"});
}

TEST_CASE("accept of what is not deployed is an error, and accepts nothing") {
  Workshop shop;
  deploy_and_edit(shop);
  const std::string name = GENERATE("tabel", "other:table", "simple:");
  const Error error = error_of([&] { accept(shop, {"schema", name}); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK_THAT(std::string(error.what()), Catch::Contains(name));
  CHECK(shop.module_status().edited == std::vector<std::string>{"table", "index"});
}

TEST_CASE("accept where there is no ledger makes none") {
  Workshop shop;
  add_simple(shop);
  CHECK(accept(shop).empty());
  CHECK_FALSE(shop.has_ledger());
  CHECK(error_of([&] { accept(shop, {"table"}); }).code() == ErrorCode::configuration);
}

TEST_CASE("baseline SQL adopts a database: everything is recorded, nothing is run") {
  Workshop shop;
  add_simple_with_tags(shop);
  init_ledger(shop.target(), {}, shop.observer, {});
  shop.query(baseline_sql(shop.load(), {}));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "8");
  CHECK_FALSE(shop.has_schema("myfirstapp"));
  CHECK(shop.query("SELECT requires FROM pgpm_migrate.dependencies JOIN pgpm_migrate.changes "
                   "USING (change_id) WHERE package = 'my-third' ORDER BY 1") ==
        "my-first:table_products\nmy-second:create_table\nmy-third:create_schema");
  for (const ModuleStatus& module : shop.status().modules) {
    CHECK(module.pending.empty());
    CHECK(module.edited.empty());
  }
  CHECK(shop.deploy().done == 0);

  SECTION("the same rows as a deploy would have made") {
    Workshop other;
    add_simple_with_tags(other);
    other.deploy();
    const std::string rows =
        "SELECT change_id, change_name, package, script_hash FROM pgpm_migrate.changes ORDER BY 1";
    CHECK(shop.query(rows) == other.query(rows));
  }
  SECTION("twice is once") {
    shop.query(baseline_sql(shop.load(), {}));
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "8");
  }
}

TEST_CASE("baseline SQL of some modules has what they require too") {
  Workshop shop;
  add_cross_project(shop);
  shop.add_module("other", {{"x", "SELECT 1;", "", ""}});
  const std::string sql = baseline_sql(shop.load(), {"project-b"});
  CHECK_THAT(sql, Catch::Contains("'project-a', 'base_types'"));
  CHECK_THAT(sql, !Catch::Contains("'other'"));
}
