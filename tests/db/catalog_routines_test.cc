// Functions and their kin, types, operators and what is made of them.
#include <catch2/catch.hpp>

#include "tests/db/catalog_case.h"

namespace pgpm::tests {

TEST_CASE("catalog: functions") {
  check_case(
      {"function",
       "app.f(integer,text)",
       "CREATE SCHEMA app",
       "CREATE FUNCTION app.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {{"CREATE OR REPLACE FUNCTION app.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE "
         "sql AS 'SELECT 2'",
         "definition"},
        {"ALTER FUNCTION app.f STABLE", "definition"},
        {"ALTER FUNCTION app.f STRICT", "definition"},
        {"ALTER FUNCTION app.f LEAKPROOF", "definition"},
        {"ALTER FUNCTION app.f SECURITY DEFINER", "definition"},
        {"ALTER FUNCTION app.f PARALLEL SAFE", "definition"},
        {"ALTER FUNCTION app.f COST 7", "definition"},
        {"ALTER FUNCTION app.f SET work_mem = '1MB'", "definition"},
        {"REVOKE ALL ON FUNCTION app.f FROM PUBLIC", "grants"},
        {"COMMENT ON FUNCTION app.f IS 'x'", "comment"}},
       "DROP FUNCTION app.f"});
  check_case({"function",
              "app.g()",
              "CREATE SCHEMA app",
              "CREATE FUNCTION app.g() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
              {{"ALTER FUNCTION app.g ROWS 7", "definition"}},
              "DROP FUNCTION app.g"});
  check_case({"function",
              "app.h(integer)",
              "CREATE SCHEMA app",
              "CREATE FUNCTION app.h(a int) RETURNS int RETURN a + 1",
              {{"CREATE OR REPLACE FUNCTION app.h(a int) RETURNS int RETURN a + 2", "definition"}},
              "DROP FUNCTION app.h",
              14});
}

TEST_CASE("catalog: procedures, window functions, aggregates") {
  check_case({"procedure",
              "app.p(integer)",
              "CREATE SCHEMA app",
              "CREATE PROCEDURE app.p(a int) LANGUAGE plpgsql AS 'BEGIN NULL; END'",
              {{"ALTER PROCEDURE app.p SECURITY DEFINER", "definition"},
               {"COMMENT ON PROCEDURE app.p IS 'x'", "comment"}},
              "DROP PROCEDURE app.p"});
  check_case({"window function",
              "app.w()",
              "CREATE SCHEMA app",
              "CREATE FUNCTION app.w() RETURNS bigint LANGUAGE internal WINDOW AS "
              "'window_row_number'",
              {{"ALTER FUNCTION app.w() IMMUTABLE", "definition"}},
              "DROP FUNCTION app.w"});
  check_case({"aggregate",
              "app.total(integer)",
              "CREATE SCHEMA app",
              "CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
              {{"DROP AGGREGATE app.total(int); CREATE AGGREGATE app.total(int) (SFUNC = int4pl, "
                "STYPE = int, INITCOND = '1')",
                "initial value"},
               {"REVOKE ALL ON FUNCTION app.total FROM PUBLIC", "grants"},
               {"COMMENT ON AGGREGATE app.total(int) IS 'x'", "comment"}},
              "DROP AGGREGATE app.total(int)"});
}

TEST_CASE("catalog: event triggers") {
  check_case({"event trigger",
              "e",
              "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
              "CREATE EVENT TRIGGER e ON ddl_command_end WHEN tag IN ('CREATE TABLE') EXECUTE "
              "PROCEDURE f()",
              {{"ALTER EVENT TRIGGER e DISABLE", "enabled"},
               {"COMMENT ON EVENT TRIGGER e IS 'x'", "comment"}},
              "DROP EVENT TRIGGER e"});
}

TEST_CASE("catalog: composite types, enums, domains, ranges") {
  check_case({"composite type",
              "app.pair",
              "CREATE SCHEMA app",
              "CREATE TYPE app.pair AS (a int, b text)",
              {{"GRANT USAGE ON TYPE app.pair TO pg_monitor", "grants"},
               {"COMMENT ON TYPE app.pair IS 'x'", "comment"}},
              "DROP TYPE app.pair"});
  check_case({"attribute",
              "app.pair.c",
              "CREATE SCHEMA app; CREATE TYPE app.pair AS (a int, b text)",
              "ALTER TYPE app.pair ADD ATTRIBUTE c int",
              {{"ALTER TYPE app.pair ALTER ATTRIBUTE c TYPE bigint", "type"},
               {"COMMENT ON COLUMN app.pair.c IS 'x'", "comment"}},
              "ALTER TYPE app.pair DROP ATTRIBUTE c"});
  check_case({"enum",
              "app.mood",
              "CREATE SCHEMA app",
              "CREATE TYPE app.mood AS ENUM ('sad', 'happy')",
              {{"ALTER TYPE app.mood ADD VALUE 'ok' BEFORE 'happy'", "labels"},
               {"ALTER TYPE app.mood RENAME VALUE 'sad' TO 'so so'", "labels"},
               {"COMMENT ON TYPE app.mood IS 'x'", "comment"}},
              "DROP TYPE app.mood"});
  check_case({"domain",
              "app.d",
              "CREATE SCHEMA app",
              "CREATE DOMAIN app.d AS text CONSTRAINT short CHECK (length(VALUE) < 9)",
              {{"ALTER DOMAIN app.d SET DEFAULT 'x'", "default"},
               {"COMMENT ON DOMAIN app.d IS 'x'", "comment"}},
              "DROP DOMAIN app.d"});
  check_case({"constraint",
              "short on domain app.d",
              "CREATE SCHEMA app; CREATE DOMAIN app.d AS text",
              "ALTER DOMAIN app.d ADD CONSTRAINT short CHECK (length(VALUE) < 9)",
              {{"COMMENT ON CONSTRAINT short ON DOMAIN app.d IS 'x'", "comment"}},
              "ALTER DOMAIN app.d DROP CONSTRAINT short"});
  check_case({"range",
              "app.floats",
              "CREATE SCHEMA app",
              "CREATE TYPE app.floats AS RANGE (subtype = float8)",
              {{"COMMENT ON TYPE app.floats IS 'x'", "comment"},
               {"REVOKE USAGE ON TYPE app.floats FROM PUBLIC", "grants"}},
              "DROP TYPE app.floats"});
}

TEST_CASE("catalog: base types and shell types") {
  check_case(
      {"shell type", "app.s", "CREATE SCHEMA app", "CREATE TYPE app.s", {}, "DROP TYPE app.s"});
  check_case({"base type",
              "app.num",
              "CREATE SCHEMA app",
              "SET client_min_messages = error; CREATE TYPE app.num;"
              "CREATE FUNCTION app.num_in(cstring) RETURNS app.num IMMUTABLE STRICT LANGUAGE "
              "internal AS 'int4in';"
              "CREATE FUNCTION app.num_out(app.num) RETURNS cstring IMMUTABLE STRICT LANGUAGE "
              "internal AS 'int4out';"
              "CREATE TYPE app.num (INPUT = app.num_in, OUTPUT = app.num_out, LIKE = int4);"
              "RESET client_min_messages",
              {{"COMMENT ON TYPE app.num IS 'x'", "comment"},
               {"REVOKE USAGE ON TYPE app.num FROM PUBLIC", "grants"},
               {"UPDATE pg_type SET typdelim = ';' WHERE oid = 'app.num'::regtype", "delimiter"}},
              "DROP TYPE app.num CASCADE",
              0,
              {"function app.num_in(cstring)", "function app.num_out(app.num)"}});
}

TEST_CASE("catalog: casts, operators, conversions, collations") {
  check_case({"cast",
              "(integer AS box)",
              "CREATE FUNCTION f(int) RETURNS box LANGUAGE sql IMMUTABLE AS 'SELECT NULL::box'",
              "CREATE CAST (int AS box) WITH FUNCTION f(int)",
              {{"COMMENT ON CAST (int AS box) IS 'x'", "comment"},
               {"DROP CAST (int AS box); CREATE CAST (int AS box) WITH FUNCTION f(int) AS "
                "ASSIGNMENT; COMMENT ON CAST (int AS box) IS 'x'",
                "context"}},
              "DROP CAST (int AS box)"});
  check_case({"operator",
              "app.<=>(integer,integer)",
              "CREATE SCHEMA app",
              "CREATE OPERATOR app.<=> (LEFTARG = int, RIGHTARG = int, PROCEDURE = int4eq)",
              {{"ALTER OPERATOR app.<=> (int, int) SET (RESTRICT = eqsel)", "restrict"},
               {"ALTER OPERATOR app.<=> (int, int) SET (JOIN = eqjoinsel)", "join"},
               {"COMMENT ON OPERATOR app.<=> (int, int) IS 'x'", "comment"},
               {"ALTER OPERATOR app.<=> (int, int) OWNER TO pg_monitor", "owner"}},
              "DROP OPERATOR app.<=> (int, int)"});
  check_case({"conversion",
              "app.latin",
              "CREATE SCHEMA app",
              "CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
              {{"COMMENT ON CONVERSION app.latin IS 'x'", "comment"},
               {"ALTER CONVERSION app.latin OWNER TO pg_monitor", "owner"}},
              "DROP CONVERSION app.latin"});
  check_case({"collation",
              "app.c",
              "CREATE SCHEMA app",
              "CREATE COLLATION app.c (LC_COLLATE = 'C', LC_CTYPE = 'POSIX')",
              {{"DROP COLLATION app.c; CREATE COLLATION app.c (LC_COLLATE = 'C', LC_CTYPE = 'C')",
                "lc_ctype"},
               {"COMMENT ON COLLATION app.c IS 'x'", "comment"},
               {"ALTER COLLATION app.c OWNER TO pg_monitor", "owner"}},
              "DROP COLLATION app.c"});
}

TEST_CASE("catalog: operator classes and families") {
  check_case({"operator class",
              "app.k using btree",
              "CREATE SCHEMA app",
              "CREATE OPERATOR CLASS app.k FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 "
              "btint4cmp(int, int)",
              {{"COMMENT ON OPERATOR CLASS app.k USING btree IS 'x'", "comment"},
               {"ALTER OPERATOR CLASS app.k USING btree OWNER TO pg_monitor", "owner"}},
              "DROP OPERATOR FAMILY app.k USING btree",
              0,
              {"operator family app.k using btree"}});
  check_case(
      {"operator family",
       "app.fam using btree",
       "CREATE SCHEMA app",
       "CREATE OPERATOR FAMILY app.fam USING btree",
       {{"ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 1 < (int, int)", "operators"},
        {"ALTER OPERATOR FAMILY app.fam USING btree ADD FUNCTION 1 btint4cmp(int, int)",
         "functions"},
        {"COMMENT ON OPERATOR FAMILY app.fam USING btree IS 'x'", "comment"}},
       "DROP OPERATOR FAMILY app.fam USING btree"});
  check_case({"operator family",
              "pg_catalog.integer_ops using btree",
              "CREATE OPERATOR <% (LEFTARG = box, RIGHTARG = box, PROCEDURE = box_lt)",
              "ALTER OPERATOR FAMILY integer_ops USING btree ADD OPERATOR 1 <% (box, box)",
              {},
              "ALTER OPERATOR FAMILY integer_ops USING btree DROP OPERATOR 1 (box, box)"});
}

TEST_CASE("catalog: access methods and transforms") {
  check_case({"access method",
              "mine",
              "",
              "CREATE ACCESS METHOD mine TYPE INDEX HANDLER bthandler",
              {{"COMMENT ON ACCESS METHOD mine IS 'x'", "comment"}},
              "DROP ACCESS METHOD mine"});
  check_case({"transform",
              "for integer language sql",
              "",
              "CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION "
              "prsd_lextype(internal))",
              {{"COMMENT ON TRANSFORM FOR int LANGUAGE sql IS 'x'", "comment"}},
              "DROP TRANSFORM FOR int LANGUAGE sql"});
}

TEST_CASE("catalog: languages") {
  check_case(
      {"language",
       "mine",
       "",
       "CREATE TRUSTED LANGUAGE mine HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler",
       {{"REVOKE USAGE ON LANGUAGE mine FROM PUBLIC", "grants"},
        {"COMMENT ON LANGUAGE mine IS 'x'", "comment"}},
       "DROP LANGUAGE mine"});
}

}  // namespace pgpm::tests
