// What the engine writes: the SQL for deploys, reverts, tags, renames, accepted edits and intents.
#include <catch2/catch.hpp>

#include "engine/registry/history.h"
#include "tests/db/ledger_database.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const std::string hash_a(64, 'a');
const std::string hash_b(64, 'b');

std::string changes(TestDatabase& database) {
  return database.query_text(
      "SELECT package, change_name, script_hash, fingerprint FROM pgpm_migrate.changes"
      " ORDER BY deploy_order");
}

std::string requirements(TestDatabase& database) {
  return database.query_text(
      "SELECT c.change_name, d.requires FROM pgpm_migrate.dependencies d"
      " JOIN pgpm_migrate.changes c USING (change_id) ORDER BY 1, 2");
}

std::string tags(TestDatabase& database) {
  return database.query_text("SELECT tag, change_name FROM pgpm_migrate.tags ORDER BY 1");
}

/// Every id is what its row says it should be.
bool ids_agree(TestDatabase& database) {
  return database.query_text(
             "SELECT count(*) FROM pgpm_migrate.changes WHERE change_id <>"
             " pgpm_migrate.change_id(package, change_name, script_hash)") == "0";
}

}  // namespace

TEST_CASE("the change_id is upstream's", "[registry]") {
  const std::string hash = "80c15ba56427860f0d7d25d62cb7af2da6037ea42383d49365bc3a3c1aea3f76";
  const std::string id = "25173e61d77f8fc45747b12a3bfae1b674589a32affd11c321896214feb90ee9";
  CHECK(registry::change_id("pgpm-base32", "schemas/base32/schema", hash) == id);
  LedgerDatabase database;
  CHECK(database.query_text(
            "SELECT pgpm_migrate.change_id('pgpm-base32', 'schemas/base32/schema', '" + hash +
            "')") == id);
}

TEST_CASE("a deploy is recorded with everything that belongs to it", "[registry]") {
  LedgerDatabase database;
  registry::DeployRecord record = record_of("shop", "orders");
  record.fingerprint = hash_b;
  record.requires_changes = {"shop:users", "bill:plans"};
  record.tags = {"v1.0.0", "v1.0.1"};
  record.run_id = 7;
  deploy(database, record);
  CHECK(changes(database) == "shop|orders|" + hash_a + "|" + hash_b);
  CHECK(ids_agree(database));
  CHECK(requirements(database) == "orders|bill:plans\norders|shop:users");
  CHECK(tags(database) == "v1.0.0|orders\nv1.0.1|orders");
  CHECK(database.query_text(
            "SELECT event_type, package, change_name, error_message IS NULL, run_id,"
            " recorded_by = session_user FROM pgpm_migrate.events") == "deploy|shop|orders|t|7|t");
  CHECK(
      database.query_text("SELECT deployed_by = session_user, deploy_order, deployed_at <= now() +"
                          " interval '1 minute' FROM pgpm_migrate.changes") == "t|1|t");
  CHECK(database.query_text("SELECT DISTINCT tagged_by = session_user FROM pgpm_migrate.tags") ==
        "t");
}

TEST_CASE("several deploys are recorded as each by itself would be", "[registry]") {
  std::vector<registry::DeployRecord> records;
  for (const char* name : {"plain", "NULL", "it's", "back\\slash", "\"quoted\"", "{a,b}", "dé jà"})
    records.push_back(record_of("shop", name));
  for (registry::DeployRecord& record : records) {
    record.requires_changes = {"shop:NULL", "bill:{a,\\\"'b}"};
    record.run_id = 7;
  }
  records[1].fingerprint = hash_b;
  records[2].requires_changes.clear();
  records[3].tags = {"v1", "v2"};
  const auto rows = [](TestDatabase& database) {
    return changes(database) + "\n" + requirements(database) + "\n" + tags(database) + "\n" +
           database.query_text(
               "SELECT event_id, event_type, package, change_name, error_message,"
               " run_id FROM pgpm_migrate.events ORDER BY 1") +
           database.query_text(
               "SELECT change_name, fingerprint IS NULL FROM pgpm_migrate.changes"
               " ORDER BY deploy_order");
  };
  LedgerDatabase one_by_one, together;
  for (const registry::DeployRecord& record : records) deploy(one_by_one, record);
  together.exec(registry::register_package_sql("shop"));
  // As a script may have left the session.
  together.exec(
      "CREATE SCHEMA odd; CREATE DOMAIN odd.text AS integer; CREATE DOMAIN odd._text AS integer;"
      " SET search_path = odd; SET standard_conforming_strings = off");
  for (const std::string& sql : registry::record_deploys_sql(records)) together.exec(sql);
  together.exec("RESET ALL");
  CHECK(rows(together) == rows(one_by_one));
  CHECK(ids_agree(together));
}

TEST_CASE("without run, fingerprint, requirements and tags there are none", "[registry]") {
  LedgerDatabase database;
  deploy(database, record_of("shop", "users"));
  CHECK(database.query_text("SELECT fingerprint IS NULL FROM pgpm_migrate.changes") == "t");
  CHECK(database.query_text("SELECT run_id IS NULL FROM pgpm_migrate.events") == "t");
  CHECK(requirements(database) == "");
  CHECK(tags(database) == "");
}

TEST_CASE("a change that is recorded already fails with the key's name", "[registry]") {
  LedgerDatabase database;
  deploy(database, record_of("shop", "users"));
  const auto same =
      thrown_by([&] { database.exec(registry::record_deploy_sql(record_of("shop", "users"))); });
  REQUIRE(same);
  CHECK(same->server()->sqlstate == "23505");
  const auto other = thrown_by(
      [&] { database.exec(registry::record_deploy_sql(record_of("shop", "users", hash_b))); });
  REQUIRE(other);
  CHECK(other->server()->sqlstate == "23505");
  CHECK(other->server()->constraint == "changes_package_change_name_key");
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.events") == "1");
}

TEST_CASE("a package must be registered first", "[registry]") {
  LedgerDatabase database;
  const auto error =
      thrown_by([&] { database.exec(registry::record_deploy_sql(record_of("shop", "users"))); });
  REQUIRE(error);
  CHECK(error->server()->constraint == "changes_package_fkey");
}

TEST_CASE("equal scripts in one package are two changes", "[registry]") {
  LedgerDatabase database;
  deploy(database, record_of("shop", "one"));
  deploy(database, record_of("shop", "two"));
  CHECK(changes(database) == "shop|one|" + hash_a + "|\nshop|two|" + hash_a + "|");
}

TEST_CASE("names of any kind survive", "[registry]") {
  LedgerDatabase database;
  for (const bool standard : {true, false}) {
    database.exec(standard
                      ? "SET standard_conforming_strings = on"
                      : "SET standard_conforming_strings = off; SET escape_string_warning = off");
    registry::DeployRecord record =
        record_of(standard ? "o'shop\\" : "Größe", "it's/\"a\\b\"/данные{,}");
    record.requires_changes = {"p:{x}", "p:,'\\\"ß"};
    record.tags = {"v'1\\"};
    deploy(database, record);
    const RegistryState state =
        registry::read_state(database.connection(), registry::Detail::everything);
    const DeployedChange* found = state.find(record.package, record.change);
    REQUIRE(found != nullptr);
    CHECK(found->change_id ==
          registry::change_id(record.package, record.change, record.script_hash));
    CHECK(found->requires_changes == std::vector<std::string>{"p:,'\\\"ß", "p:{x}"});
    REQUIRE_FALSE(state.tags.empty());
    CHECK(state.tags.back().tag == "v'1\\");
    database.exec(registry::record_revert_sql(record.package, record.change, 0));
  }
  CHECK(changes(database) == "");
}

TEST_CASE("a revert removes the change with all that hangs on it, and is an event", "[registry]") {
  LedgerDatabase database;
  registry::DeployRecord record = record_of("shop", "orders");
  record.requires_changes = {"shop:users"};
  record.tags = {"v1"};
  deploy(database, record);
  database.exec(registry::record_revert_sql("shop", "orders", 8));
  CHECK(changes(database) == "");
  CHECK(tags(database) == "");
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.dependencies") == "0");
  CHECK(database.query_text("SELECT event_type, change_name, run_id FROM pgpm_migrate.events"
                            " ORDER BY event_id DESC LIMIT 1") == "revert|orders|8");
  CHECK(refusal(database.connection(), registry::record_revert_sql("shop", "orders", 8)) ==
        "P0001 Change orders not deployed in package shop");
}

TEST_CASE("a tag can be added later, and moves when the plan moves it", "[registry]") {
  LedgerDatabase database;
  deploy(database, record_of("shop", "users"));
  deploy(database, record_of("shop", "orders"));
  database.exec(registry::record_tag_sql("shop", "v1", "users"));
  CHECK(tags(database) == "v1|users");
  database.exec(registry::record_tag_sql("shop", "v1", "orders"));
  CHECK(tags(database) == "v1|orders");
  registry::DeployRecord record = record_of("shop", "items");
  record.tags = {"v1"};
  deploy(database, record);
  CHECK(tags(database) == "v1|items");
  CHECK(refusal(database.connection(), registry::record_tag_sql("shop", "v2", "nothing"))
            .substr(0, 5) == "23503");
}

TEST_CASE("a reworked change's older instance is renamed, and back", "[registry]") {
  LedgerDatabase database;
  registry::DeployRecord users = record_of("shop", "users");
  users.requires_changes = {"shop:base"};
  users.tags = {"v1"};
  users.fingerprint = hash_b;
  deploy(database, users);
  registry::DeployRecord orders = record_of("shop", "orders");
  orders.requires_changes = {"shop:users"};
  deploy(database, orders);
  registry::DeployRecord bills = record_of("bill", "bills");
  bills.requires_changes = {"shop:users", "users"};  // the second is its own package's
  deploy(database, bills);
  database.exec(
      "INSERT INTO pgpm_migrate.dependencies SELECT change_id, 'users' FROM"
      " pgpm_migrate.changes WHERE change_name = 'orders'");
  constexpr const char* everything =
      "SELECT c.*, t.tag, t.tagged_at, d.requires FROM pgpm_migrate.changes c"
      " LEFT JOIN pgpm_migrate.tags t USING (package, change_name)"
      " LEFT JOIN pgpm_migrate.dependencies d USING (change_id) ORDER BY deploy_order, requires";
  constexpr const char* kept =
      "SELECT deployed_at, deployed_by, deploy_order, fingerprint, script_hash FROM"
      " pgpm_migrate.changes ORDER BY deploy_order";
  const std::string before = database.query_text(everything);
  const std::string kept_before = database.query_text(kept);

  database.exec(registry::rename_instance_sql("shop", "users", "users@v1"));
  CHECK(database.query_text(kept) == kept_before);
  CHECK(ids_agree(database));
  CHECK(tags(database) == "v1|users@v1");
  CHECK(requirements(database) ==
        "bills|shop:users@v1\nbills|users\norders|shop:users@v1\norders|users@v1\nusers@v1|shop:"
        "base");

  registry::DeployRecord rework = record_of("shop", "users", hash_b);
  rework.requires_changes = {"shop:users@v1"};
  deploy(database, rework);
  database.exec(registry::record_revert_sql("shop", "users", 0));
  database.exec(registry::rename_instance_sql("shop", "users@v1", "users"));
  CHECK(database.query_text(everything) == before);
}

TEST_CASE("renaming what is not deployed, or to a name that is taken, is refused", "[registry]") {
  LedgerDatabase database;
  deploy(database, record_of("shop", "users"));
  deploy(database, record_of("shop", "orders"));
  CHECK(refusal(database.connection(), registry::rename_instance_sql("shop", "none", "none@v1")) ==
        "P0001 Change none not deployed in package shop");
  CHECK(refusal(database.connection(), registry::rename_instance_sql("shop", "users", "orders"))
            .substr(0, 5) == "23505");
}

TEST_CASE("an accepted edit changes hash, fingerprint and id, and nothing else", "[registry]") {
  LedgerDatabase database;
  registry::DeployRecord record = record_of("shop", "users");
  record.requires_changes = {"shop:base"};
  record.tags = {"v1"};
  deploy(database, record);
  const std::string kept =
      "SELECT deployed_at, deployed_by, deploy_order FROM pgpm_migrate.changes";
  const std::string before = database.query_text(kept);
  database.exec(registry::accept_edit_sql("shop", "users", hash_b, hash_a));
  CHECK(changes(database) == "shop|users|" + hash_b + "|" + hash_a);
  CHECK(ids_agree(database));
  CHECK(database.query_text(kept) == before);
  CHECK(requirements(database) == "users|shop:base");
  CHECK(tags(database) == "v1|users");
  CHECK(refusal(database.connection(), registry::accept_edit_sql("shop", "none", hash_b, "")) ==
        "P0001 Change none not deployed in package shop");
}

TEST_CASE("an intent is begun, advanced and ended", "[registry]") {
  LedgerDatabase database;
  const auto intents = [&] {
    return registry::read_state(database.connection(), registry::Detail::names_and_hashes).intents;
  };
  database.exec(registry::begin_intent_sql("shop", "o'index", Action::deploy, hash_a, 3));
  database.exec(registry::advance_intent_sql("shop", "o'index", 2));
  REQUIRE(intents().size() == 1);
  const IntentRow row = intents()[0];
  CHECK(row.package == "shop");
  CHECK(row.change == "o'index");
  CHECK(row.action == "deploy");
  CHECK(row.script_hash == hash_a);
  CHECK(row.statements_done == 2);
  CHECK_THAT(row.started_at, Catch::EndsWith("Z"));
  CHECK(database.query_text(
            "SELECT run_id, backend_pid = pg_backend_pid() FROM pgpm_migrate.intents") == "3|t");

  database.exec(registry::begin_intent_sql("shop", "o'index", Action::revert, hash_b, 4));
  REQUIRE(intents().size() == 1);
  CHECK(intents()[0].action == "revert");
  CHECK(intents()[0].statements_done == 0);
  database.exec(registry::end_intent_sql("shop", "other"));
  CHECK(intents().size() == 1);
  database.exec(registry::end_intent_sql("shop", "o'index"));
  CHECK(intents().empty());
}

TEST_CASE("records are right under a hostile search_path", "[registry]") {
  LedgerDatabase database;
  database.exec(
      "CREATE SCHEMA evil;"
      "CREATE FUNCTION evil.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';"
      "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.never);"
      "CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT "
      "NULL::timestamptz';"
      "CREATE FUNCTION evil.concat(VARIADIC text[]) RETURNS text LANGUAGE sql AS 'SELECT "
      "''evil''::text';"
      "CREATE DOMAIN evil.text AS pg_catalog.int4;"
      "CREATE TABLE evil.changes (x int);"
      "SET search_path = evil, pg_catalog");
  registry::DeployRecord record = record_of("shop", "users");
  record.requires_changes = {"shop:base"};
  record.tags = {"v1"};
  deploy(database, record);
  database.exec(registry::rename_instance_sql("shop", "users", "users@v1"));
  database.exec(registry::accept_edit_sql("shop", "users@v1", hash_b, ""));
  const RegistryState state =
      registry::read_state(database.connection(), registry::Detail::everything);
  REQUIRE(state.changes.size() == 1);
  CHECK(state.changes[0].change_id == registry::change_id("shop", "users@v1", hash_b));
  CHECK(state.changes[0].requires_changes == std::vector<std::string>{"shop:base"});
  CHECK(state.tags.size() == 1);
  database.exec(registry::record_revert_sql("shop", "users@v1", 0));
  const long run =
      registry::start_run(database.connection(), {"deploy", "", "", "", "", "", {"a", "b"}});
  registry::finish_run(database.connection(), run, Outcome::ok, "");
  database.exec(registry::begin_intent_sql("shop", "x", Action::deploy, hash_a, 0));
  database.exec(registry::advance_intent_sql("shop", "x", 1));
  database.exec(registry::end_intent_sql("shop", "x"));
  CHECK(registry::read_state(database.connection(), registry::Detail::everything).changes.empty());
  CHECK(registry::read_history(database.connection(), {"shop", "a"}, 10).size() == 3);
}
