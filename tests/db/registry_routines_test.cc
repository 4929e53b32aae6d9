// Upstream's eight routines on a ledger of ours: what they do to rows, and what they say, word for
// word.
#include <catch2/catch.hpp>

#include "tests/db/ledger_database.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

constexpr const char* change_rows =
    "SELECT package, change_name, script_hash FROM pgpm_migrate.changes ORDER BY deploy_order";
constexpr const char* event_rows =
    "SELECT event_type, package, change_name, error_code FROM pgpm_migrate.events ORDER BY "
    "event_id";

void deploy_chain(TestDatabase& database) {
  database.exec("CALL pgpm_migrate.deploy('shop', 'users', 'h1', NULL, 'CREATE TABLE users ()')");
  database.exec(
      "CALL pgpm_migrate.deploy('shop', 'orders', 'h2', '{users}', 'CREATE TABLE orders ()')");
  database.exec(
      "CALL pgpm_migrate.deploy('bill', 'invoices', 'h3', '{shop:users}', 'CREATE TABLE invoices "
      "()')");
}

}  // namespace

TEST_CASE("signatures, kinds and volatility are upstream's", "[registry]") {
  LedgerDatabase database;
  constexpr const char* shapes =
      "SELECT p.oid::regprocedure, prokind, provolatile, prosecdef, l.lanname,"
      " pg_get_function_arguments(p.oid), pg_get_function_result(p.oid) FROM pg_proc p"
      " JOIN pg_language l ON l.oid = prolang"
      " WHERE pronamespace = 'pgpm_migrate'::regnamespace AND proname IN ('register_package',"
      " 'is_deployed', 'deploy', 'revert', 'verify', 'deployed_changes', 'get_dependents', "
      "'status')"
      " ORDER BY proname";
  const std::string ours = database.query_text(shapes);
  TestDatabase other;
  other.exec(compat_file("upstream_ledger.sql"));
  CHECK(ours == other.query_text(shapes));
}

TEST_CASE("deploy runs the script and writes change, dependencies and event", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  CHECK(database.query_text(change_rows) == "shop|users|h1\nshop|orders|h2\nbill|invoices|h3");
  CHECK(database.query_text("SELECT c.change_name, d.requires FROM pgpm_migrate.dependencies d"
                            " JOIN pgpm_migrate.changes c USING (change_id) ORDER BY 1") ==
        "invoices|shop:users\norders|users");
  CHECK(database.query_text(event_rows) ==
        "deploy|shop|users|\ndeploy|shop|orders|\ndeploy|bill|invoices|");
  CHECK(database.query_text("SELECT to_regclass('invoices') IS NOT NULL") == "t");
  CHECK(database.query_text(
            "SELECT DISTINCT deployed_by = session_user FROM pgpm_migrate.changes") == "t");
}

TEST_CASE("deploy again: same hash does nothing, another is refused", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  database.exec("CALL pgpm_migrate.deploy('shop', 'users', 'h1', NULL, 'SELECT 1/0')");
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.events") == "3");
  CHECK(
      refusal(database.connection(), "CALL pgpm_migrate.deploy('shop', 'users', 'h9', NULL, '')") ==
      "P0001 Change users already deployed in package shop with different content");
}

TEST_CASE("deploy names what is missing, in order", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  CHECK(refusal(database.connection(),
                "CALL pgpm_migrate.deploy('shop', 'x', 'h', '{z:y,users,bill:invoices,b}', '')") ==
        "P0001 Missing required changes for x: z:y, b");
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.changes") == "3");
}

TEST_CASE("an error in the script comes through as it is, and nothing stays", "[registry]") {
  LedgerDatabase database;
  CHECK(refusal(database.connection(),
                "CALL pgpm_migrate.deploy('m', 'x', 'h', NULL, 'CREATE TABLE t (); SELECT 1/0')") ==
        "22012 division by zero");
  CHECK(database.query_text(
            "SELECT to_regclass('t') IS NULL, (SELECT count(*) FROM pgpm_migrate.packages)") ==
        "t|0");
  CHECK(refusal(database.connection(), "CALL pgpm_migrate.deploy('m', 'x', 'h', NULL, NULL)")
            .substr(0, 5) == "22004");
  CHECK(refusal(database.connection(), "CALL pgpm_migrate.deploy('m', 'x', 'h', NULL, 'COMMIT')")
            .substr(0, 5) == "0A000");
}

TEST_CASE("deploy logs only when told, and may have an empty script", "[registry]") {
  LedgerDatabase database;
  database.exec("CALL pgpm_migrate.deploy('m', 'logged', 'h', NULL, 'CREATE TABLE t ()', true)");
  database.exec("CALL pgpm_migrate.deploy('m', 'empty', 'h', NULL, '')");
  CHECK(database.query_text("SELECT to_regclass('t') IS NULL") == "t");
  CHECK(database.query_text(change_rows) == "m|logged|h\nm|empty|h");
}

TEST_CASE("a requirement named twice is refused by the key", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  const auto error = thrown_by(
      [&] { database.exec("CALL pgpm_migrate.deploy('shop', 'x', 'h', '{users,users}', '')"); });
  REQUIRE(error);
  CHECK(error->server()->sqlstate == "23505");
  CHECK(error->server()->constraint == "dependencies_pkey");
}

TEST_CASE("revert is refused while others depend on the change", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  CHECK(refusal(database.connection(),
                "CALL pgpm_migrate.revert('shop', 'users', 'DROP TABLE users')") ==
        "P0001 Cannot revert users: required by bill:invoices, orders");
  CHECK(refusal(database.connection(), "CALL pgpm_migrate.revert('shop', 'nothing', '')") ==
        "P0001 Change nothing not deployed in package shop");
  CHECK(database.query_text("SELECT count(*) FROM pgpm_migrate.events") == "3");
}

TEST_CASE("revert runs the script and removes the change", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  database.exec("CALL pgpm_migrate.revert('bill', 'invoices', 'DROP TABLE invoices')");
  CHECK(database.query_text(change_rows) == "shop|users|h1\nshop|orders|h2");
  CHECK(database.query_text("SELECT requires FROM pgpm_migrate.dependencies") == "users");
  CHECK(database.query_text(
            "SELECT event_type, change_name FROM pgpm_migrate.events ORDER BY event_id DESC"
            " LIMIT 1") == "revert|invoices");
  CHECK(database.query_text("SELECT to_regclass('invoices') IS NULL") == "t");
  CHECK(database.query_text("SELECT package FROM pgpm_migrate.packages ORDER BY 1") ==
        "bill\nshop");
}

TEST_CASE("verify answers yes or no, and undoes what the script did", "[registry]") {
  LedgerDatabase database;
  const auto verify = [&](const std::string& sql) {
    return database.query_text("SELECT pgpm_migrate.verify('m', 'c', " + sql + ")");
  };
  database.exec("CREATE TABLE t (i int)");
  CHECK(verify("'INSERT INTO t VALUES (1)'") == "t");
  CHECK(database.query_text("SELECT count(*) FROM t") == "0");
  CHECK(verify("'SELECT 1/0'") == "f");
  CHECK(verify("NULL") == "f");
  CHECK(verify("'DO ''BEGIN ASSERT false; END'''") == "f");
  CHECK(verify("'DO ''BEGIN RAISE EXCEPTION $x$verified$x$; END'''") == "f");
}

TEST_CASE("is_deployed looks into other packages by package:change", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  CHECK(database.query_text("SELECT pgpm_migrate.is_deployed('shop', 'users'), "
                            "pgpm_migrate.is_deployed('bill', 'users'),"
                            " pgpm_migrate.is_deployed('bill', 'shop:users'), "
                            "pgpm_migrate.is_deployed('shop', 'shop:a:b'),"
                            " pgpm_migrate.is_deployed('shop', NULL)") == "t|f|t|f|f");
}

TEST_CASE("status, deployed_changes and get_dependents", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  CHECK(database.query_text("SELECT package, total_deployed, last_change FROM pgpm_migrate.status()"
                            " ORDER BY 1") == "bill|1|invoices\nshop|2|orders");
  CHECK(database.query_text("SELECT package, total_deployed FROM pgpm_migrate.status('bill')") ==
        "bill|1");
  CHECK(database.query_text("SELECT package, change_name FROM pgpm_migrate.deployed_changes()") ==
        "shop|users\nshop|orders\nbill|invoices");
  CHECK(database.query_text("SELECT change_name FROM pgpm_migrate.deployed_changes('shop')") ==
        "users\norders");
  CHECK(database.query_text("SELECT * FROM pgpm_migrate.get_dependents('shop', 'users')") ==
        "bill|invoices|shop:users\nshop|orders|users");
}

TEST_CASE("a bare requirement means the package it stands in", "[registry]") {
  LedgerDatabase database;
  deploy_chain(database);
  database.exec("CALL pgpm_migrate.deploy('bill', 'users', 'h4', NULL, '')");
  CHECK(database.query_text("SELECT * FROM pgpm_migrate.get_dependents('bill', 'users')") == "");
}

TEST_CASE("the routines mean what they say under any search_path", "[registry]") {
  LedgerDatabase database;
  database.exec(
      "CREATE SCHEMA evil;"
      "CREATE FUNCTION evil.always(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';"
      "CREATE FUNCTION evil.never(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT false';"
      "CREATE FUNCTION evil.glue(text, text) RETURNS text LANGUAGE sql AS 'SELECT ''evil''::text';"
      "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.always);"
      "CREATE OPERATOR evil.> (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.never);"
      "CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.glue);"
      "CREATE FUNCTION evil.strpos(text, text) RETURNS int LANGUAGE sql AS 'SELECT 0';"
      "CREATE DOMAIN evil.text AS pg_catalog.int4;"
      "SET search_path = evil, pg_catalog, public");
  database.exec("CALL pgpm_migrate.deploy('shop', 'users', 'h1', NULL, '')");
  database.exec("CALL pgpm_migrate.deploy('shop', 'orders', 'h2', '{shop:users}', '')");
  CHECK(refusal(database.connection(),
                "CALL pgpm_migrate.deploy('shop', 'x', 'h', '{shop:none}', '')") ==
        "P0001 Missing required changes for x: shop:none");
  CHECK(refusal(database.connection(), "CALL pgpm_migrate.revert('shop', 'users', '')") ==
        "P0001 Cannot revert users: required by shop:orders");
  database.exec("CALL pgpm_migrate.revert('shop', 'orders', '')");
  CHECK(database.query_text("SELECT change_name FROM pgpm_migrate.deployed_changes('shop')") ==
        "users");
  CHECK(database.query_text("SELECT package, total_deployed FROM pgpm_migrate.status('none')") ==
        "");
}
