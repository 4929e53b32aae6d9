// What holds for a snapshot as a whole: what is left out, that order and oids do not matter, that
// it disturbs nothing and is not torn by others.
#include "engine/catalog/snapshot.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <future>

#include "tests/db/catalog_case.h"
#include "tests/support/login_role.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {
namespace {

CatalogSnapshot snapshot_of(TestDatabase& database) {
  return catalog::take_snapshot(database.connection());
}

const char* const first_half =
    "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('sad', 'happy');"
    "CREATE FUNCTION app.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';";
const char* const second_half =
    "CREATE SCHEMA shop; CREATE TABLE shop.item (id int PRIMARY KEY, price numeric CHECK (price > "
    "0));"
    "CREATE TABLE shop.basket (id int GENERATED ALWAYS AS IDENTITY, item int REFERENCES shop.item);"
    "GRANT SELECT ON shop.item TO PUBLIC; COMMENT ON COLUMN shop.item.price IS 'in cents';";

}  // namespace

TEST_CASE("two snapshots of an unchanged database are equal") {
  TestDatabase database;
  database.exec(first_half);
  const CatalogSnapshot one = snapshot_of(database);
  CHECK(one.digest == snapshot_of(database).digest);
  CHECK(one.digest == take_snapshot(database.target()).digest);
  CHECK(one.database == database.name());
  CHECK(one.server_version == database.connection().server_version());
}

TEST_CASE("the order of creation does not matter") {
  TestDatabase one;
  TestDatabase other;
  one.exec(std::string(first_half) + second_half);
  other.exec("CREATE TABLE burned_oids (id int); DROP TABLE burned_oids");
  other.exec(std::string(second_half) + first_half);
  CHECK(described(difference(snapshot_of(one), snapshot_of(other))) == "");
  CHECK(snapshot_of(one).digest == snapshot_of(other).digest);
}

TEST_CASE("a column that was added and dropped leaves nothing behind") {
  TestDatabase database;
  database.exec(std::string(second_half));
  const CatalogSnapshot before = snapshot_of(database);
  database.exec("ALTER TABLE shop.item ADD x int DEFAULT 7; ALTER TABLE shop.item DROP x");
  CHECK(described(difference(before, snapshot_of(database))) == "");
}

TEST_CASE("the order of columns matters") {
  TestDatabase database;
  database.exec("CREATE TABLE t (a int, b int, c int)");
  const CatalogSnapshot before = snapshot_of(database);
  database.exec("ALTER TABLE t DROP b; ALTER TABLE t ADD b int");
  CHECK(described(difference(before, snapshot_of(database))) ==
        "column public.t.b: follows: a -> c\ncolumn public.t.c: follows: b -> a\n");
}

TEST_CASE("rights that equal the default are no difference") {
  TestDatabase database;
  database.exec(first_half);
  const CatalogSnapshot before = snapshot_of(database);
  database.exec(
      "GRANT SELECT ON ALL TABLES IN SCHEMA app TO pg_monitor;"
      "REVOKE EXECUTE ON FUNCTION app.f FROM PUBLIC; GRANT EXECUTE ON FUNCTION app.f TO PUBLIC;"
      "GRANT USAGE ON TYPE app.mood TO pg_monitor; REVOKE USAGE ON TYPE app.mood FROM pg_monitor");
  CHECK(described(difference(before, snapshot_of(database))) == "");
}

TEST_CASE("the ledger, temporary objects and schemas on demand are left out") {
  TestDatabase database;
  const CatalogSnapshot before = snapshot_of(database);
  database.exec(
      "CREATE SCHEMA pgpm_migrate; CREATE TABLE pgpm_migrate.changes (id serial PRIMARY KEY, x "
      "text);"
      "CREATE FUNCTION pgpm_migrate.deploy() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE VIEW pgpm_migrate.v AS SELECT 1; CREATE TYPE pgpm_migrate.e AS ENUM ('a');"
      "GRANT USAGE ON SCHEMA pgpm_migrate TO PUBLIC;"
      "CREATE TEMP TABLE scratch (id int PRIMARY KEY); CREATE TEMP VIEW w AS SELECT * FROM "
      "scratch");
  CHECK(described(difference(before, snapshot_of(database))) == "");
  database.exec("CREATE SCHEMA tap; CREATE TABLE tap.t (id int PRIMARY KEY)");
  CHECK(snapshot_of(database).digest != before.digest);
  const SnapshotOptions without_tap{ClusterObjects::leave_out, {"tap"}};
  CHECK(catalog::take_snapshot(database.connection(), without_tap).digest == before.digest);
}

TEST_CASE("an extension is listed, its members are not, what scripts grant on them is") {
  TestDatabase database;
  if (database.query_text("SELECT count(*) FROM pg_available_extensions WHERE name = 'hstore'") ==
      "0") {
    WARN("skipped: the server does not offer the extension hstore");
    return;
  }
  const CatalogSnapshot before = snapshot_of(database);
  database.exec("CREATE EXTENSION hstore");
  const CatalogSnapshot with = snapshot_of(database);
  CHECK(headlines(difference(before, with)) == std::vector<std::string>{"+ extension hstore"});
  database.exec("REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM PUBLIC");
  CHECK(headlines(difference(with, snapshot_of(database))) ==
        std::vector<std::string>{
            "+ grants on function public.hstore(pg_catalog.text,pg_catalog.text)"});
  database.exec("DROP EXTENSION hstore");
  CHECK(described(difference(before, snapshot_of(database))) == "");
}

TEST_CASE("passwords never get into a snapshot") {
  TestDatabase database;
  database.exec(
      "CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 'hush', colour 'red');"
      "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (password 'hush', host 'h');"
      "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'bob', password 'hush')");
  std::string all;
  for (const CatalogObject& object : snapshot_of(database).objects)
    for (const CatalogFact& fact : object.facts) all += fact.name + "=" + fact.value + "\n";
  CHECK(all.find("hush") == std::string::npos);
  CHECK(all.find("options=api_key=***, colour=red\n") != std::string::npos);
  CHECK(all.find("options=host=h, password=***\n") != std::string::npos);
  CHECK(all.find("option names=password, user\n") != std::string::npos);
}

TEST_CASE("what the session has set does not show") {
  TestDatabase database;
  database.exec(
      "CREATE TABLE t (a date DEFAULT '2020-02-01', b interval DEFAULT '1 day 2 h', c bytea "
      "DEFAULT 'x',"
      "  d timestamptz DEFAULT '2020-01-01 12:00+00', e text DEFAULT 'back\\slash');"
      "CREATE FUNCTION f(t) RETURNS t LANGUAGE sql AS 'SELECT $1'");
  const CatalogSnapshot plain = snapshot_of(database);
  database.exec(
      "SET datestyle = 'SQL, DMY'; SET intervalstyle = iso_8601; SET timezone = 'Asia/Tokyo';"
      "SET bytea_output = escape; SET search_path = public; SET quote_all_identifiers = on;"
      "SET extra_float_digits = -5; SET standard_conforming_strings = off");
  CHECK(described(difference(plain, snapshot_of(database))) == "");
}

TEST_CASE("a snapshot leaves the session as it was") {
  TestDatabase database;
  database.exec("SET search_path = public, pg_temp; SET timezone = 'Asia/Tokyo'");
  snapshot_of(database);
  CHECK(database.connection().transaction_status() == db::TransactionStatus::idle);
  CHECK(database.query_text("SHOW search_path") == "public, pg_temp");
  CHECK(database.query_text("SHOW timezone") == "Asia/Tokyo");
}

TEST_CASE("inside a transaction its own changes are seen, and nothing of it is lost") {
  TestDatabase database;
  const CatalogSnapshot before = snapshot_of(database);
  database.exec("BEGIN; SET LOCAL search_path = public; CREATE TABLE t (id int)");
  const CatalogSnapshot inside = snapshot_of(database);
  CHECK(headlines(without_parts(difference(before, inside))) ==
        std::vector<std::string>{"+ table public.t"});
  CHECK(database.query_text("SHOW search_path") == "public");
  CHECK(take_snapshot(database.target()).digest == before.digest);
  database.exec("COMMIT");
  CHECK(snapshot_of(database).digest == inside.digest);
}

TEST_CASE("a role without rights can take a snapshot") {
  TestDatabase database;
  database.exec(std::string(first_half) + second_half);
  const CatalogSnapshot all = snapshot_of(database);
  database.exec("SET ROLE pg_monitor");
  CHECK(described(difference(all, snapshot_of(database))) == "");
}

// A definition is worded from the catalog of the moment. The reader is stopped at the view, by a
// lock on its table, after it has read the table's old name; when it may go on the table has a new
// one.
TEST_CASE("changes of other sessions do not tear a snapshot") {
  TestDatabase database;
  database.exec("CREATE TABLE a (id int); CREATE VIEW v AS SELECT id FROM a");
  const CatalogSnapshot old = snapshot_of(database);
  db::Connection reader = database.connect();
  const std::string is_waiting = fmt::format(
      "SELECT count(*) FROM pg_locks WHERE pid = {} AND NOT granted", reader.backend_pid());
  db::Connection watcher = database.connect();
  database.exec("BEGIN; ALTER TABLE a RENAME TO b");
  std::future<CatalogSnapshot> reading =
      std::async(std::launch::async, [&] { return catalog::take_snapshot(reader); });
  while (watcher.exec(is_waiting).integer(0, 0) == 0 &&
         reading.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
  }
  CHECK(watcher.exec(is_waiting).integer(0, 0) == 1);
  database.exec("COMMIT");
  const CatalogSnapshot read = reading.get();
  const CatalogSnapshot renamed = snapshot_of(database);
  CHECK(old.digest != renamed.digest);
  CHECK(described(difference(renamed, read)) == "");
}

namespace {

/// Relations enough for a second session.
const char* const many_relations =
    "DO $$ BEGIN FOR i IN 1..510 LOOP EXECUTE format('CREATE TABLE many%s (id int PRIMARY KEY)', "
    "i);"
    " END LOOP; END $$;";

}  // namespace

TEST_CASE("a large database is read by two sessions, and is the same") {
  const LoginRole role;
  TestDatabase database;
  database.exec(many_relations);
  database.exec(std::string(first_half) + second_half);
  const CatalogSnapshot by_one = snapshot_of(database);
  CHECK(by_one.objects.size() > 1500);
  CHECK(take_snapshot(database.target()).digest == by_one.digest);
  SECTION("also if there is no second session to be had") {
    database.exec(fmt::format("ALTER ROLE {} CONNECTION LIMIT 1", role.name()));
    Target target = database.target();
    target.user = role.name();
    CHECK(described(difference(by_one, take_snapshot(target))) == "");
  }
}

TEST_CASE("what is committed between two sessions is read by one") {
  TestDatabase database;
  database.exec(many_relations);
  database.exec("CREATE TABLE a (id int); CREATE VIEW v AS SELECT id FROM a");
  db::Connection watcher = database.connect();
  const std::string is_waiting =
      fmt::format("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = {}::oid",
                  database.query_text("SELECT 'a'::regclass::oid"));
  // The second session waits for the table below the view; what the first reads is the old name.
  database.exec("BEGIN; ALTER TABLE a RENAME TO b");
  std::future<CatalogSnapshot> reading =
      std::async(std::launch::async, [&] { return take_snapshot(database.target()); });
  while (watcher.exec(is_waiting).integer(0, 0) == 0 &&
         reading.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
  }
  CHECK(watcher.exec(is_waiting).integer(0, 0) == 1);
  database.exec("COMMIT");
  CHECK(described(difference(snapshot_of(database), reading.get())) == "");
}

TEST_CASE("an aborted transaction is reported, not mended") {
  TestDatabase database;
  database.exec("BEGIN");
  CHECK_THROWS(database.exec("SELECT 1/0"));
  CHECK_THROWS_AS(snapshot_of(database), Error);
  CHECK(database.connection().transaction_status() == db::TransactionStatus::in_error);
  database.exec("ROLLBACK");
}

}  // namespace pgpm::tests
