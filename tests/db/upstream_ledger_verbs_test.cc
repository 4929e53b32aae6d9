// The verbs on a ledger that upstream pgpm has made and written: it is continued, and upgraded with
// the first write (decision D7).
#include <catch2/catch.hpp>

#include "engine/text/digest.h"
#include "engine/text/file.h"
#include "pgpm/ledger.h"
#include "tests/support/fixtures.h"
#include "tests/support/source_dir.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

void upstream_deploys(Workshop& shop, const std::string& change, const std::string& requirement) {
  const std::string sql = shop.files.read("packages/simple/deploy/" + change + ".sql");
  shop.query("CALL pgpm_migrate.deploy('simple', '" + change + "', '" + sha256_hex(sql) + "', " +
             (requirement.empty() ? "NULL" : "'{" + requirement + "}'") + ", $sql$" + sql +
             "$sql$)");
}

/// simple, of which upstream has deployed schema and table.
void start_with_upstream(Workshop& shop) {
  add_simple(shop);
  shop.query(read_file(source_path("tests/compat/upstream_ledger.sql")).value());
  upstream_deploys(shop, "schema", "");
  upstream_deploys(shop, "table", "simple:schema");
}

bool upgraded(Workshop& shop) {
  return shop.has("pgpm_migrate.ledger");
}

}  // namespace

TEST_CASE("reading upstream's ledger changes nothing in it") {
  Workshop shop;
  start_with_upstream(shop);
  const ModuleStatus status = shop.module_status();
  CHECK(status.deployed == 2);
  CHECK(status.pending == std::vector<std::string>{"index"});
  CHECK(status.last_change == "table");
  CHECK(status.last_deployed_at);
  CHECK_FALSE(status.deployed_by);
  CHECK(status.edited.empty());
  CHECK(shop.verify().done == 2);
  CHECK(plan_deploy(shop.load(), shop.target(), {}, {}).changes() == 1);
  CHECK(plan_revert(shop.load(), shop.target(), revert_all(), {}).changes() == 2);
  CHECK(history(shop.target(), {}, 10, {}).size() == 2);
  CHECK_FALSE(upgraded(shop));
}

TEST_CASE(
    "a failing verify is recorded in upstream's ledger as upstream does, without an upgrade") {
  Workshop shop;
  start_with_upstream(shop);
  shop.write("packages/simple/verify/table.sql", "SELECT 1/0;");
  error_of([&] { shop.verify(); });
  CHECK(shop.query("SELECT event_type, change_name, package, error_message, error_code FROM "
                   "pgpm_migrate.events ORDER BY event_id DESC LIMIT 1") ==
        "verify|table|simple|Verification failed for table|VERIFICATION_FAILED");
  CHECK_FALSE(upgraded(shop));
}

TEST_CASE("deploy goes on where upstream stopped, and upgrades the ledger") {
  Workshop shop;
  start_with_upstream(shop);
  shop.write("packages/simple/pgpm.plan",
             shop.files.read("packages/simple/pgpm.plan") +
                 "@v1 table 2024-01-15T10:00:00Z Ada <ada@example.com>\n");
  const std::string rows = shop.query(
      "SELECT change_id, change_name, package, script_hash, deployed_at FROM pgpm_migrate.changes");
  CHECK(shop.deploy().done == 1);
  CHECK(upgraded(shop));
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
  CHECK(shop.query("SELECT change_id, change_name, package, script_hash, deployed_at FROM "
                   "pgpm_migrate.changes WHERE change_name <> 'index' ORDER BY deploy_order") ==
        rows);
  CHECK(shop.query("SELECT bool_and(deployed_by IS NULL) FROM pgpm_migrate.changes "
                   "WHERE change_name <> 'index'") == "t");
  SECTION("tags of what upstream deployed follow with the next deploy") {
    CHECK(shop.deploy().done == 0);
    CHECK(shop.query("SELECT tag, change_name FROM pgpm_migrate.tags") == "v1|table");
  }
  SECTION("upstream's client goes on where we stopped") {
    shop.write("packages/simple/deploy/view.sql", "CREATE VIEW shop.v AS TABLE shop.t");
    upstream_deploys(shop, "view", "simple:table");
    CHECK(shop.query("SELECT total_deployed, last_change FROM pgpm_migrate.status('simple')") ==
          "4|view");
    CHECK(shop.module_status().unplanned == std::vector<std::string>{"view"});
  }
}

TEST_CASE("with everything deployed already, upstream's ledger is left alone") {
  Workshop shop;
  start_with_upstream(shop);
  upstream_deploys(shop, "index", "simple:table");
  CHECK(shop.deploy().done == 0);
  CHECK_FALSE(upgraded(shop));
}

TEST_CASE("edits of what upstream deployed are noticed without a fingerprint") {
  Workshop shop;
  start_with_upstream(shop);
  shop.write("packages/simple/deploy/table.sql", "CREATE TABLE shop.t (id int); -- a comment");
  CHECK(shop.module_status().edited == std::vector<std::string>{"table"});
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::edited_script);
  CHECK_FALSE(upgraded(shop));
  SECTION("accepting one upgrades the ledger, and from then on formatting does not count") {
    CHECK(accept_edits(shop.load(), shop.target(), {}, {}, {}, shop.observer, {}) ==
          std::vector<std::string>{"simple:table"});
    CHECK(upgraded(shop));
    shop.write("packages/simple/deploy/table.sql", "create table shop.t (id int);\n");
    CHECK(shop.deploy().done == 1);
  }
}

TEST_CASE("revert takes back what upstream deployed, and respects what upstream recorded") {
  Workshop shop;
  start_with_upstream(shop);
  shop.query(
      "CALL pgpm_migrate.deploy('other', 'user', repeat('a', 64), '{simple:table}', "
      "'CREATE VIEW u AS TABLE shop.t')");
  const Error error = error_of([&] { shop.revert(revert_last()); });
  CHECK_THAT(messages(error), Catch::Contains("Cannot revert table: required by other:user"));
  CHECK_FALSE(upgraded(shop));
  shop.query("CALL pgpm_migrate.revert('other', 'user', 'DROP VIEW u')");
  CHECK(shop.revert(revert_all()).done == 2);
  CHECK(upgraded(shop));
  CHECK_FALSE(shop.has_schema("shop"));
}

TEST_CASE("a failed deploy on upstream's ledger leaves its rows, and a failed event") {
  Workshop shop;
  start_with_upstream(shop);
  shop.write("packages/simple/deploy/index.sql", "SELECT 1/0;");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.database_state() == "nothing was changed");
  CHECK(shop.deployed() == "simple:schema simple:table");
  CHECK(shop.query("SELECT event_type, change_name, error_code, run_id FROM pgpm_migrate.events "
                   "ORDER BY event_id DESC LIMIT 1") == "deploy|index|22012|1");
}

TEST_CASE("baseline SQL works on upstream's ledger with upstream's routines") {
  Workshop shop;
  add_simple_with_tags(shop);
  shop.query(read_file(source_path("tests/compat/upstream_ledger.sql")).value());
  shop.query(baseline_sql(shop.load(), {}));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "8");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.dependencies") == "8");
  CHECK(shop.deploy().done == 0);
  CHECK_FALSE(upgraded(shop));
}
