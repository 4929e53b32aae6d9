// Making the ledger: what is there afterwards, who may, and several at once.
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/db/ledger_database.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

constexpr const char* table_names =
    "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
    " WHERE relnamespace = 'pgpm_migrate'::regnamespace AND relkind = 'r'";

/// Installs on `count` connections that begin together; returns how many of them did anything.
int install_at_once(const TestDatabase& database, int count) {
  std::atomic<int> ready{0}, worked{0}, failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      try {
        db::Connection connection = database.connect();
        for (++ready; ready < count;) std::this_thread::yield();
        if (registry::install(connection)) ++worked;
      } catch (const std::exception&) {
        ready = count;
        ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 0);
  return worked;
}

}  // namespace

TEST_CASE("install makes a ledger once", "[registry]") {
  TestDatabase database;
  CHECK(registry::install(database.connection()));
  CHECK(database.query_text(table_names) ==
        "catalog_state changes dependencies events intents ledger managed_objects"
        " object_dependencies object_migrations packages runs tags");
  CHECK(database.query_text("SELECT version FROM pgpm_migrate.ledger") == "3");
  CHECK(database.connection().transaction_status() == db::TransactionStatus::idle);

  const std::string xmin = database.query_text("SELECT xmin FROM pgpm_migrate.ledger");
  CHECK_FALSE(registry::install(database.connection()));
  CHECK(database.query_text("SELECT xmin FROM pgpm_migrate.ledger") == xmin);
}

TEST_CASE("two changes of a package may have equal scripts", "[registry]") {
  LedgerDatabase database;
  // NOT NULL is a constraint with a name since 18, and was none before.
  CHECK(database.query_text(
            "SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint"
            " WHERE conrelid = 'pgpm_migrate.changes'::regclass AND contype <> 'n'") ==
        "changes_package_change_name_key changes_package_fkey changes_pkey");
}

TEST_CASE("everything in the ledger has a comment", "[registry]") {
  LedgerDatabase database;
  CHECK(database.query_text("SELECT obj_description('pgpm_migrate'::regnamespace) IS NULL") == "f");
  // Indexes of constraints speak for themselves.
  CHECK(database.query_text(
            "SELECT relname FROM pg_class WHERE relnamespace = 'pgpm_migrate'::regnamespace"
            " AND obj_description(oid, 'pg_class') IS NULL"
            " AND oid NOT IN (SELECT conindid FROM pg_constraint)") == "");
  CHECK(
      database.query_text(
          "SELECT attrelid::regclass, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
          " WHERE relnamespace = 'pgpm_migrate'::regnamespace AND relkind = 'r' AND attnum > 0"
          " AND col_description(attrelid, attnum) IS NULL") == "");
  CHECK(database.query_text("SELECT proname FROM pg_proc WHERE pronamespace ="
                            " 'pgpm_migrate'::regnamespace"
                            " AND obj_description(oid, 'pg_proc') IS NULL") == "");
}

TEST_CASE("several first installs at once all succeed, and one does the work", "[registry]") {
  TestDatabase database;
  CHECK(install_at_once(database, 8) == 1);
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.ledger") == "1");
}

TEST_CASE("several upgrades at once all succeed, and one does the work", "[registry]") {
  TestDatabase database;
  database.exec("ALTER DATABASE " + database.name() +
                " SET default_transaction_isolation = 'repeatable read'");
  database.exec(compat_file("upstream_ledger.sql"));
  CHECK(install_at_once(database, 4) == 1);
}

TEST_CASE("install is not misled by the session's search_path", "[registry]") {
  TestDatabase database;
  database.exec(
      "CREATE SCHEMA evil; CREATE DOMAIN evil.text AS pg_catalog.int4;"
      "CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT "
      "NULL::timestamptz';"
      "SET search_path = evil, pg_catalog");
  registry::install(database.connection());
  CHECK(database.query_text("SHOW search_path") == "evil, pg_catalog");
  CHECK(database.query_text("SELECT pg_catalog.count(*) FROM pg_catalog.pg_depend"
                            " WHERE refobjid IN ('evil.text'::pg_catalog.regtype,"
                            " 'evil.clock_timestamp'::pg_catalog.regproc)"
                            " AND deptype = 'n' AND classid <> 'pg_type'::regclass") == "0");
}

TEST_CASE("a role that may not create a schema is told which right it lacks", "[registry]") {
  TestRole role(fmt::format("create_{}", getpid()));
  TestDatabase database;
  db::Connection connection = role.connect(database);
  const auto error = thrown_by([&] { registry::install(connection); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->sqlstate == "42501");
  CHECK(std::string(error->what()) == fmt::format("role {} may not create the ledger of database "
                                                  "\"{}\": it lacks CREATE on database \"{}\"",
                                                  role.name(), database.name(), database.name()));
  CHECK(error->hint() ==
        fmt::format("GRANT CREATE ON DATABASE \"{}\" TO {};", database.name(), role.name()));
  CHECK(connection.transaction_status() == db::TransactionStatus::idle);
  CHECK(database.query_text("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");

  database.exec(error->hint());
  CHECK(registry::install(connection));
}

TEST_CASE("a schema that was made for the role is enough", "[registry]") {
  TestRole role(fmt::format("schema_{}", getpid()));
  TestDatabase database;
  db::Connection connection = role.connect(database);
  database.exec("CREATE SCHEMA pgpm_migrate");
  const auto error = thrown_by([&] { registry::install(connection); });
  REQUIRE(error);
  CHECK_THAT(error->what(), Catch::Contains("it lacks CREATE on schema pgpm_migrate"));
  database.exec(error->hint());
  CHECK(registry::install(connection));
  CHECK_FALSE(registry::install(connection));
}

TEST_CASE("the rights that the README grants are enough to deploy", "[registry]") {
  TestRole role(fmt::format("deploy_{}", getpid()));
  LedgerDatabase database;
  database.exec(fmt::format(
      "GRANT USAGE ON SCHEMA pgpm_migrate TO {0};"
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgpm_migrate TO {0};"
      "GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgpm_migrate TO {0}",
      role.name()));
  db::Connection connection = role.connect(database);
  CHECK_FALSE(registry::install(connection));
  registry::DeployRecord record = record_of("shop", "users");
  record.tags = {"v1"};
  record.requires_changes = {"shop:base"};
  registry::RunRecord run;
  run.command = "deploy";
  record.run_id = registry::start_run(connection, run);
  connection.exec(registry::register_package_sql("shop"));
  connection.exec(registry::record_deploy_sql(record));
  connection.exec(registry::begin_intent_sql("shop", "x", Action::deploy, "h", record.run_id));
  connection.exec(registry::end_intent_sql("shop", "x"));
  connection.exec(registry::rename_instance_sql("shop", "users", "users@v1"));
  connection.exec(registry::record_revert_sql("shop", "users@v1", record.run_id));
  CHECK(registry::record_failure(connection, Action::revert, "shop", "x", "m", "c", record.run_id));
  registry::finish_run(connection, record.run_id, Outcome::ok, "");
  CHECK(database.query_text("SELECT executed_by, outcome FROM pgpm_migrate.runs") ==
        role.name() + "|ok");
}

TEST_CASE("only the owner can upgrade, and the error names it", "[registry]") {
  TestRole role(fmt::format("upgrade_{}", getpid()));
  TestDatabase database;
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec("GRANT USAGE, CREATE ON SCHEMA pgpm_migrate TO " + role.name() +
                "; GRANT ALL ON ALL TABLES IN SCHEMA pgpm_migrate TO " + role.name());
  db::Connection connection = role.connect(database);
  const auto error = thrown_by([&] { registry::install(connection); });
  REQUIRE(error);
  const std::string owner = database.query_text("SELECT quote_ident(current_user)");
  CHECK_THAT(error->what(), Catch::Contains("may not upgrade the ledger") &&
                                Catch::EndsWith("its tables belong to " + owner));
  CHECK_THAT(error->hint(), Catch::Contains("once as " + owner));
  CHECK(database.query_text(table_names) == "changes dependencies events packages");
}

TEST_CASE("a ledger of a newer pgpm is left alone", "[registry]") {
  LedgerDatabase database;
  database.exec("UPDATE pgpm_migrate.ledger SET version = 99");
  const auto error = thrown_by([&] { registry::install(database.connection()); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::refused);
  CHECK_THAT(error->what(), Catch::Contains("version 99"));
  CHECK(registry::read_state(database.connection(), registry::Detail::names_and_hashes).version ==
        99);
}

TEST_CASE("an install that fails leaves nothing behind", "[registry]") {
  TestDatabase database;
  // A view in the place of a table: CREATE TABLE IF NOT EXISTS skips it, what follows cannot.
  database.exec("CREATE SCHEMA pgpm_migrate; CREATE VIEW pgpm_migrate.runs AS SELECT 1 AS one");
  CHECK(thrown_by([&] { registry::install(database.connection()); }));
  CHECK(database.connection().transaction_status() == db::TransactionStatus::idle);
  CHECK(database.query_text("SELECT count(*) FROM pg_class WHERE relnamespace ="
                            " 'pgpm_migrate'::regnamespace") == "1");
}
