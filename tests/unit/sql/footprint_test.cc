// Where to look for what a statement outside a transaction has done.
#include "engine/sql/footprint.h"

#include <catch2/catch.hpp>

using namespace pgpm::sql;
using Kind = Footprint::Kind;

TEST_CASE("footprints of statements that refuse transactions", "[sql]") {
  struct Case {
    const char* statement;
    Kind kind;
    const char *name, *table, *label;
  };
  const Case one = GENERATE(
      Case{"CREATE INDEX CONCURRENTLY i ON t (a)", Kind::builds_index, "i", "t", ""},
      Case{"create unique index concurrently if not exists \"I 1\" on only s . \"T\" using gin (a)",
           Kind::builds_index, "\"I 1\"", "s.\"T\"", ""},
      Case{"CREATE INDEX CONCURRENTLY ON t (a)", Kind::builds_index, "", "t", ""},
      Case{"CREATE INDEX i ON t (a)", Kind::none, "", "", ""},
      Case{"DROP INDEX CONCURRENTLY IF EXISTS s.i", Kind::drops_index, "s.i", "", ""},
      Case{"DROP INDEX i", Kind::none, "", "", ""},
      Case{"REINDEX TABLE CONCURRENTLY t", Kind::rebuilds_index, "", "", ""},
      Case{"REINDEX (CONCURRENTLY) TABLE t", Kind::rebuilds_index, "", "", ""},
      Case{"REINDEX TABLE t", Kind::none, "", "", ""},
      Case{"/* x */ ALTER TYPE s.mood ADD VALUE IF NOT EXISTS 'it''s' AFTER 'x'",
           Kind::adds_enum_value, "s.mood", "", "'it''s'"},
      Case{"ALTER TYPE mood RENAME VALUE 'a' TO 'b'", Kind::none, "", "", ""},
      Case{"ALTER TABLE IF EXISTS ONLY p DETACH PARTITION s.c CONCURRENTLY",
           Kind::detaches_partition, "s.c", "p", ""},
      Case{"ALTER TABLE p DETACH PARTITION c FINALIZE", Kind::none, "", "", ""},
      Case{"CREATE DATABASE d OWNER x", Kind::creates_database, "d", "", ""},
      Case{"DROP DATABASE IF EXISTS d WITH (FORCE)", Kind::drops_database, "d", "", ""},
      Case{"CREATE TABLESPACE s LOCATION '/x'", Kind::creates_tablespace, "s", "", ""},
      Case{"DROP TABLESPACE s", Kind::drops_tablespace, "s", "", ""},
      Case{"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", Kind::creates_subscription, "s",
           "", ""},
      Case{"DROP SUBSCRIPTION s", Kind::drops_subscription, "s", "", ""},
      Case{"VACUUM t", Kind::none, "", "", ""}, Case{"", Kind::none, "", "", ""},
      Case{"CREATE INDEX CONCURRENTLY", Kind::none, "", "", ""});
  CAPTURE(one.statement);
  const Footprint found = footprint(one.statement);
  CHECK(found.kind == one.kind);
  CHECK(found.name == one.name);
  CHECK(found.table == one.table);
  CHECK(found.label == one.label);
}

TEST_CASE("which waits have no limit", "[sql]") {
  CHECK(waits_for_transactions(footprint("CREATE INDEX CONCURRENTLY i ON t (a)")));
  CHECK(waits_for_transactions(footprint("ALTER TABLE p DETACH PARTITION c CONCURRENTLY")));
  CHECK_FALSE(waits_for_transactions(footprint("VACUUM FULL t")));
  CHECK_FALSE(waits_for_transactions(footprint("ALTER TYPE t ADD VALUE 'x'")));
}

TEST_CASE("what a session keeps", "[sql]") {
  CHECK(is_session_setting("SET search_path = a"));
  CHECK(is_session_setting("set role x"));
  CHECK(is_session_setting("RESET ALL"));
  CHECK_FALSE(is_session_setting("SET LOCAL search_path = a"));
  CHECK_FALSE(is_session_setting("SET CONSTRAINTS ALL DEFERRED"));
  CHECK_FALSE(is_session_setting("SELECT 1"));
  CHECK(may_commit("CALL p()"));
  CHECK(may_commit("DO $$ $$"));
  CHECK_FALSE(may_commit("SELECT f()"));
  CHECK(is_about_database("ALTER DATABASE d SET TABLESPACE x"));
  CHECK_FALSE(is_about_database("CREATE TABLE database ()"));
}

TEST_CASE("names as the catalogs have them", "[sql]") {
  CHECK(catalog_name("Users") == "users");
  CHECK(catalog_name("\"Us\"\"ers\"") == "Us\"ers");
}
