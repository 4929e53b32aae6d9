// Reading the ledger: on whatever is there, with whatever rights, without leaving a trace.
#include <catch2/catch.hpp>

#include "tests/db/ledger_database.h"

using namespace pgpm;
using namespace pgpm::tests;
using registry::Detail;
using registry::read_state;

namespace {

std::string names(const RegistryState& state) {
  std::string joined;
  for (const DeployedChange& change : state.changes)
    joined += (joined.empty() ? "" : " ") + change.package + ":" + change.name;
  return joined;
}

}  // namespace

TEST_CASE("without a ledger there is an empty state, and still no ledger", "[registry]") {
  TestDatabase database;
  const RegistryState state = read_state(database.connection(), Detail::everything);
  CHECK_FALSE(state.installed);
  CHECK(state.version == 0);
  CHECK(state.changes.empty());
  CHECK(state.find("a", "b") == nullptr);
  CHECK(database.query_text("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
}

TEST_CASE("a schema without tables is no ledger", "[registry]") {
  TestDatabase database;
  database.exec("CREATE SCHEMA pgpm_migrate");
  CHECK_FALSE(read_state(database.connection(), Detail::everything).installed);
}

TEST_CASE("a schema made for another role is no ledger either", "[registry]") {
  TestRole role(fmt::format("other_{}", getpid()));
  TestDatabase database;
  database.exec("CREATE SCHEMA pgpm_migrate");
  db::Connection connection = role.connect(database);
  CHECK_FALSE(read_state(connection, Detail::everything).installed);
}

TEST_CASE("a ledger of ours is read as it was written", "[registry]") {
  LedgerDatabase database;
  registry::DeployRecord users = record_of("shop", "users");
  users.fingerprint = std::string(64, 'f');
  users.tags = {"v2", "v1"};
  deploy(database, users);
  registry::DeployRecord orders = record_of("shop", "orders");
  orders.requires_changes = {"shop:users", "bill:plans"};
  deploy(database, orders);
  database.exec(
      "UPDATE pgpm_migrate.changes SET deployed_at = '2024-01-15 10:00:00.25+02', deployed_by = "
      "'ann'"
      " WHERE change_name = 'users'");

  const RegistryState state = read_state(database.connection(), Detail::everything);
  CHECK(state.installed);
  CHECK(state.version == registry::current_version);
  REQUIRE(names(state) == "shop:users shop:orders");
  const DeployedChange& first = state.changes[0];
  CHECK(first.change_id == registry::change_id("shop", "users", users.script_hash));
  CHECK(first.script_hash == users.script_hash);
  CHECK(first.fingerprint == users.fingerprint);
  CHECK(first.deployed_at == "2024-01-15T08:00:00.250000Z");
  CHECK(first.deployed_by == "ann");
  CHECK(first.requires_changes.empty());
  CHECK(state.changes[1].requires_changes == std::vector<std::string>{"bill:plans", "shop:users"});
  REQUIRE(state.tags.size() == 2);
  CHECK(state.tags[0].tag == "v1");
  CHECK(state.tags[1].tag == "v2");
  CHECK(state.tags[1].change == "users");
  CHECK(state.find("shop", "orders") == &state.changes[1]);
  CHECK(state.find("shop", "x") == nullptr);
}

TEST_CASE("dependencies are read only when they are wanted", "[registry]") {
  LedgerDatabase database;
  registry::DeployRecord record = record_of("shop", "orders");
  record.requires_changes = {"shop:users"};
  deploy(database, record);
  const RegistryState state = read_state(database.connection(), Detail::rows);
  REQUIRE(state.changes.size() == 1);
  CHECK(state.changes[0].requires_changes.empty());
  CHECK_FALSE(state.changes[0].deployed_at.empty());
}

TEST_CASE("names and hashes are those of the whole rows", "[registry]") {
  LedgerDatabase database;
  for (const char* name : {"one", "two"}) deploy(database, record_of("shop", name));
  RegistryState rows = read_state(database.connection(), Detail::rows);
  const RegistryState brief = read_state(database.connection(), Detail::names_and_hashes);
  for (DeployedChange& change : rows.changes) {
    CHECK_FALSE(change.change_id.empty());
    change = {change.package, change.name, {}, change.script_hash, {}, {}, {}, {}};
  }
  CHECK(brief.changes == rows.changes);
  CHECK(brief.find("shop", "two") == &brief.changes[1]);
}

TEST_CASE("the order of deployment survives a clock that steps back", "[registry]") {
  LedgerDatabase database;
  for (const char* name : {"one", "two", "three"}) deploy(database, record_of("shop", name));
  database.exec(
      "UPDATE pgpm_migrate.changes SET deployed_at = deployed_at - deploy_order * interval '1 "
      "day'");
  CHECK(names(read_state(database.connection(), Detail::names_and_hashes)) ==
        "shop:one shop:two shop:three");
}

TEST_CASE("a ledger of upstream is read in the order of its times", "[registry]") {
  TestDatabase database;
  database.exec(compat_file("upstream_ledger.sql"));
  database.exec(compat_file("upstream_rows.sql"));
  const RegistryState state = read_state(database.connection(), Detail::everything);
  CHECK(state.installed);
  CHECK(state.version == 0);
  REQUIRE(names(state) ==
          "shop:users pgpm-base32:schemas/base32/schema "
          "pgpm-base32:schemas/base32/procedures/encode shop:orders");
  CHECK(state.changes[1].change_id ==
        "25173e61d77f8fc45747b12a3bfae1b674589a32affd11c321896214feb90ee9");
  CHECK(state.changes[1].deployed_at == "2024-01-15T10:00:01.500000Z");
  CHECK(state.changes[1].deployed_by.empty());
  CHECK(state.changes[1].fingerprint.empty());
  CHECK(state.changes[3].requires_changes ==
        std::vector<std::string>{"pgpm-base32:schemas/base32/schema", "users"});
  CHECK(database.query_text("SELECT to_regclass('pgpm_migrate.ledger') IS NULL") == "t");
}

TEST_CASE("an open transaction stays usable, a read-only one too", "[registry]") {
  TestDatabase database;
  std::string ledger = "none";
  SECTION("no ledger") {}
  SECTION("upstream's") {
    database.exec(compat_file("upstream_ledger.sql"));
    ledger = "upstream";
  }
  SECTION("ours") {
    registry::install(database.connection());
    ledger = "ours";
  }
  database.exec("BEGIN READ ONLY");
  CHECK(read_state(database.connection(), Detail::everything).installed == (ledger != "none"));
  CHECK(database.connection().transaction_status() == db::TransactionStatus::in_transaction);
  CHECK(database.query_text("SELECT 1") == "1");
  database.exec("COMMIT");
}

TEST_CASE("SELECT is enough to read, and without it the error names the remedy", "[registry]") {
  TestRole role(fmt::format("read_{}", getpid()));
  TestDatabase database;
  SECTION("on a ledger of ours") {
    registry::install(database.connection());
  }
  SECTION("on one of upstream") {
    database.exec(compat_file("upstream_ledger.sql"));
  }
  db::Connection connection = role.connect(database);
  const auto error = thrown_by([&] { read_state(connection, Detail::everything); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->sqlstate == "42501");
  CHECK_THAT(error->what(),
             Catch::Contains("may not read the ledger of database \"" + database.name()));
  CHECK_THAT(error->hint(),
             Catch::Contains("GRANT USAGE ON SCHEMA pgpm_migrate TO \"" + role.name()));
  CHECK(connection.transaction_status() == db::TransactionStatus::idle);

  database.exec(error->hint().substr(error->hint().find("GRANT")));
  CHECK(read_state(connection, Detail::everything).installed);
}

TEST_CASE("times are UTC whatever the session's settings", "[registry]") {
  LedgerDatabase database;
  deploy(database, record_of("shop", "users"));
  database.exec("UPDATE pgpm_migrate.changes SET deployed_at = '2024-07-01 12:00:00+00'");
  database.exec("SET TimeZone = 'America/Caracas'; SET DateStyle = 'German'; SET search_path = ''");
  CHECK(read_state(database.connection(), Detail::rows).changes[0].deployed_at ==
        "2024-07-01T12:00:00.000000Z");
}

TEST_CASE("ten thousand changes are read in order", "[registry]") {
  LedgerDatabase database;
  database.exec(
      "INSERT INTO pgpm_migrate.packages VALUES ('big');"
      "INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash)"
      " SELECT pgpm_migrate.change_id('big', 'c' || i, 'h'), 'c' || i, 'big', 'h' FROM "
      "generate_series(1, 10000) i;"
      "INSERT INTO pgpm_migrate.dependencies SELECT change_id, 'big:c' || (deploy_order - 1)"
      " FROM pgpm_migrate.changes WHERE deploy_order > 1");
  const RegistryState state = read_state(database.connection(), Detail::everything);
  REQUIRE(state.changes.size() == 10000);
  for (std::size_t i = 1; i < state.changes.size(); ++i) {
    if (state.changes[i].name != fmt::format("c{}", i + 1)) FAIL("out of order at " << i);
    if (state.changes[i].requires_changes != std::vector<std::string>{fmt::format("big:c{}", i)})
      FAIL("wrong requirement at " << i);
  }
}
