// A ledger that upstream made: upgraded in place with all its rows, then written by both tools in
// turn.
#include <catch2/catch.hpp>

#include "tests/db/ledger_database.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// Upstream's columns of upstream's tables.
constexpr const char* upstream_columns =
    "SELECT * FROM (SELECT 'p' AS kind, package AS a, created_at::text AS b, '' AS c, '' AS d, '' "
    "AS e,"
    " '' AS f FROM pgpm_migrate.packages UNION ALL"
    " SELECT 'c', change_id, change_name, package, script_hash, deployed_at::text, '' FROM "
    "pgpm_migrate.changes"
    " UNION ALL SELECT 'd', change_id, requires, '', '', '', '' FROM pgpm_migrate.dependencies "
    "UNION ALL"
    " SELECT 'e' || event_id, event_type, change_name, package, occurred_at::text, error_message, "
    "error_code"
    " FROM pgpm_migrate.events) AS x ORDER BY 1, 2, 3";

/// What the catalogs say of the schema: columns, constraints, indexes, sequences, routines,
/// comments.
std::string catalog_of(TestDatabase& database) {
  constexpr const char* columns =
      "SELECT c.relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull, "
      "attidentity,"
      " pg_get_expr(adbin, adrelid), col_description(c.oid, attnum) FROM pg_class c"
      " JOIN pg_attribute ON attrelid = c.oid AND attnum > 0"
      " LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum"
      " WHERE relnamespace = 'pgpm_migrate'::regnamespace AND relkind IN ('r', 'v', 'S')"
      " ORDER BY 1, 2";
  constexpr const char* relations =
      "SELECT relname, relkind, obj_description(oid, 'pg_class') FROM pg_class"
      " WHERE relnamespace = 'pgpm_migrate'::regnamespace ORDER BY 1";
  constexpr const char* constraints =
      "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
      " WHERE connamespace = 'pgpm_migrate'::regnamespace ORDER BY 1, 2";
  constexpr const char* indexes =
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'pgpm_migrate' ORDER BY 1";
  constexpr const char* routines =
      "SELECT pg_get_functiondef(oid), obj_description(oid, 'pg_proc') FROM pg_proc"
      " WHERE pronamespace = 'pgpm_migrate'::regnamespace ORDER BY proname";
  std::string all;
  for (const char* query : {columns, relations, constraints, indexes, routines})
    all += database.query_text(query) + "\n";
  return all;
}

}  // namespace

TEST_CASE("an upgrade keeps every row of upstream's", "[registry][compat]") {
  TestDatabase database;
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec(compat_file("upstream_rows.sql"));
  const std::string before = database.query_text(upstream_columns);
  CHECK(registry::install(database.connection()));
  CHECK(database.query_text(upstream_columns) == before);
  CHECK_FALSE(registry::install(database.connection()));

  CHECK(database.query_text(
            "SELECT deploy_order, change_name FROM pgpm_migrate.changes ORDER BY 1") ==
        "1|users\n2|schemas/base32/schema\n3|schemas/base32/procedures/encode\n4|orders");
  CHECK(
      database.query_text("SELECT count(*) FROM pgpm_migrate.changes WHERE deployed_by IS NOT NULL"
                          " OR fingerprint IS NOT NULL") == "0");
  CHECK(database.query_text(
            "SELECT count(*) FROM pgpm_migrate.events WHERE recorded_by IS NOT NULL") == "0");
  const RegistryState state =
      registry::read_state(database.connection(), registry::Detail::everything);
  CHECK(state.version == registry::current_version);
  CHECK(state.changes.size() == 4);
}

TEST_CASE("an upgraded ledger is the same as a new one", "[registry][compat]") {
  LedgerDatabase fresh;
  TestDatabase database;
  SECTION("with rows") {
    database.exec(compat_file("upstream_ledger.sql"));
    database.exec(compat_file("upstream_rows.sql"));
  }
  SECTION("without rows") {
    database.exec(compat_file("upstream_ledger.sql"));
  }
  SECTION("half made") {
    // Upstream makes tables and routines in two transactions.
    const std::string all = compat_file("upstream_ledger.sql");
    database.exec(all.substr(0, all.find("CREATE PROCEDURE")));
  }
  registry::install(database.connection());
  CHECK(catalog_of(database) == catalog_of(fresh));
}

namespace {

/// Without the piece that begins and ends like this.
std::string without(std::string text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  REQUIRE(from != std::string::npos);
  text.erase(from, text.find(end, from) + end.size() - from);
  return text;
}

/// A ledger that says it is of `version`.
std::string of_version(std::string text, int version) {
  const std::string now = fmt::format("INSERT INTO pgpm_migrate.ledger (version) VALUES ({})",
                                      registry::current_version);
  text.replace(text.find(now), now.size(),
               fmt::format("INSERT INTO pgpm_migrate.ledger (version) VALUES ({})", version));
  return text;
}

/// What version 2 made.
std::string second_ledger() {
  return of_version(
      without(registry::install_sql(0), "CREATE TABLE IF NOT EXISTS pgpm_migrate.catalog_state",
              "says nothing';\n"),
      2);
}

/// What version 1 made.
std::string first_ledger() {
  std::string text = second_ledger();
  text = without(text, ",\n  managed_objects bigint", "0");
  text = without(text, "COMMENT ON COLUMN pgpm_migrate.packages.managed_objects", ";\n");
  text = without(text, "  module text NOT NULL", ",\n");
  text = without(text, "COMMENT ON COLUMN pgpm_migrate.managed_objects.module", ";\n");
  const std::string second = "INSERT INTO pgpm_migrate.ledger (version) VALUES (2)";
  return text.replace(text.find(second), second.size(),
                      "INSERT INTO pgpm_migrate.ledger (version) VALUES (1)");
}

}  // namespace

TEST_CASE("a ledger of version 1 is read as it is, and upgraded to what a new one is",
          "[registry][compat]") {
  LedgerDatabase fresh;
  TestDatabase database;
  database.exec(first_ledger());
  database.exec("INSERT INTO pgpm_migrate.packages (package) VALUES ('shop')");
  SECTION("without managed objects") {
    database.exec(
        "DROP TABLE pgpm_migrate.object_dependencies, pgpm_migrate.managed_objects,"
        " pgpm_migrate.object_migrations");
  }
  SECTION("with those of `pgpm objects`") {
    database.exec(
        "INSERT INTO pgpm_migrate.managed_objects (kind, identity, statement_hash, definition,"
        " source_file, address) VALUES ('view', 'public.v', 'h', 'd', 'v.sql', '{}')");
  }
  const RegistryState before = registry::read_state(database.connection(), registry::Detail::rows);
  CHECK(before.version == 1);
  CHECK(before.managed_objects.empty());
  CHECK(registry::install(database.connection()));
  CHECK(catalog_of(database) == catalog_of(fresh));
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.managed_objects"
                            " WHERE module <> ''") == "0");
}

TEST_CASE("a ledger of version 2 is upgraded to what a new one is", "[registry][compat]") {
  LedgerDatabase fresh;
  TestDatabase database;
  database.exec(second_ledger());
  CHECK(registry::read_state(database.connection(), registry::Detail::rows).version == 2);
  CHECK(registry::install(database.connection()));
  CHECK(catalog_of(database) == catalog_of(fresh));
}

TEST_CASE("an upgrade keeps what was granted", "[registry][compat]") {
  TestRole role(fmt::format("granted_{}", getpid()));
  TestDatabase database;
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec("GRANT USAGE ON SCHEMA pgpm_migrate TO " + role.name() +
                "; GRANT SELECT ON pgpm_migrate.changes TO " + role.name());
  registry::install(database.connection());
  CHECK(role.connect(database).exec("SELECT count(*) FROM pgpm_migrate.changes").integer(0, 0) ==
        0);
}

TEST_CASE("an upgrade that fails leaves upstream's ledger as it was", "[registry][compat]") {
  TestDatabase database;
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec(compat_file("upstream_rows.sql"));
  database.exec("CREATE VIEW pgpm_migrate.runs AS SELECT 1 AS one");
  const std::string before = catalog_of(database);
  CHECK(thrown_by([&] { registry::install(database.connection()); }));
  CHECK(catalog_of(database) == before);
}

TEST_CASE("we continue where upstream stopped", "[registry][compat]") {
  TestDatabase database;
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec(compat_file("upstream_rows.sql"));
  registry::install(database.connection());
  registry::DeployRecord record = record_of("shop", "items");
  record.requires_changes = {"shop:orders"};
  database.exec(registry::record_deploy_sql(record));
  CHECK(database.query_text(
            "SELECT deploy_order FROM pgpm_migrate.changes WHERE change_name = 'items'") == "5");
  CHECK(refusal(database.connection(),
                "CALL pgpm_migrate.revert('shop', 'orders', 'DROP TABLE orders')") ==
        "P0001 Cannot revert orders: required by shop:items");
  // Upstream's old bare reference follows a rename as well.
  database.exec(registry::rename_instance_sql("shop", "users", "users@v1"));
  CHECK(database.query_text("SELECT * FROM pgpm_migrate.get_dependents('shop', 'users@v1')") ==
        "shop|orders|users@v1");
}

TEST_CASE("upstream continues where we stopped", "[registry][compat]") {
  LedgerDatabase database;
  registry::DeployRecord record = record_of("shop", "users");
  record.tags = {"v1"};
  record.run_id = 1;
  database.exec(registry::register_package_sql("shop"));
  database.exec(registry::record_deploy_sql(record));

  // As its client does: a CALL, or rows with a list of columns.
  database.exec(fmt::format(
      "CALL pgpm_migrate.deploy('shop'::text, 'orders'::text, '{}'::text, '{{shop:users}}'::text[],"
      " 'CREATE TABLE orders ()'::text, false)",
      record.script_hash));
  database.exec(
      "INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash)"
      " VALUES ('id', 'items', 'shop', 'h') ON CONFLICT DO NOTHING;"
      "INSERT INTO pgpm_migrate.dependencies (change_id, requires) VALUES ('id', 'shop:orders')"
      " ON CONFLICT DO NOTHING;"
      "INSERT INTO pgpm_migrate.events (event_type, change_name, package, error_message, "
      "error_code)"
      " VALUES ('deploy', 'items', 'shop', NULL, NULL)");
  CHECK(database.query_text("SELECT deploy_order, change_name, deployed_by = session_user FROM"
                            " pgpm_migrate.changes ORDER BY 1") ==
        "1|users|t\n2|orders|t\n3|items|t");
  CHECK(database.query_text(
            "SELECT change_name, recorded_by = session_user, run_id FROM pgpm_migrate.events"
            " ORDER BY event_id") == "users|t|1\norders|t|\nitems|t|");
  CHECK(database.query_text(
            "SELECT total_deployed, last_change FROM pgpm_migrate.status('shop')") == "3|items");

  database.exec("CALL pgpm_migrate.revert('shop', 'items', '')");
  database.exec("CALL pgpm_migrate.revert('shop', 'orders', 'DROP TABLE orders')");
  database.exec("CALL pgpm_migrate.revert('shop', 'users', '')");
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.tags") == "0");
}
