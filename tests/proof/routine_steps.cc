// Functions and their kin, types, operators and what is made of them.
#include "tests/proof/steps.h"

namespace pgpm::tests {

namespace {

const ProofStep steps[] = {
    {"function {s}.{x}(integer)",
     "CREATE FUNCTION {s}.{x}(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION {s}.{x}(int)", "ALTER FUNCTION {s}.{x}(int) STABLE"},
    {"function {s}.f(integer)",
     "CREATE OR REPLACE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
     "CREATE OR REPLACE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "CREATE OR REPLACE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1 '"},
    {"function {s}.f(integer)", "ALTER FUNCTION {s}.f(int) SECURITY DEFINER",
     "ALTER FUNCTION {s}.f(int) SECURITY INVOKER"},
    {"function {s}.f(integer)", "ALTER FUNCTION {s}.f(int) SET work_mem = '1MB'",
     "ALTER FUNCTION {s}.f(int) RESET work_mem"},
    {"function {s}.f(integer)", "REVOKE EXECUTE ON FUNCTION {s}.f(int) FROM PUBLIC",
     "GRANT EXECUTE ON FUNCTION {s}.f(int) TO PUBLIC",
     "GRANT EXECUTE ON FUNCTION {s}.f(int) TO pg_monitor"},
    {"function {s}.f(integer)", "COMMENT ON FUNCTION {s}.f(int) IS 'x'",
     "COMMENT ON FUNCTION {s}.f(int) IS NULL"},
    {"function {s}.to_box(integer)", "ALTER FUNCTION {s}.to_box(int) OWNER TO pg_monitor",
     "ALTER FUNCTION {s}.to_box(int) OWNER TO CURRENT_USER"},
    {"procedure {s}.{x}(text)", "CREATE PROCEDURE {s}.{x}(text) LANGUAGE sql AS 'SELECT 1'",
     "DROP PROCEDURE {s}.{x}(text)"},
    {"procedure {s}.p(integer)", "ALTER PROCEDURE {s}.p(int) SECURITY DEFINER",
     "ALTER PROCEDURE {s}.p(int) SECURITY INVOKER"},
    {"window function {s}.{x}()",
     "CREATE FUNCTION {s}.{x}() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'",
     "DROP FUNCTION {s}.{x}()"},
    {"aggregate {s}.{x}(integer)", "CREATE AGGREGATE {s}.{x}(int) (SFUNC = int4pl, STYPE = int)",
     "DROP AGGREGATE {s}.{x}(int)", "COMMENT ON AGGREGATE {s}.{x}(int) IS 'gone'"},
    {"event trigger {x}",
     "CREATE EVENT TRIGGER {x} ON sql_drop WHEN tag IN ('DROP TRANSFORM') EXECUTE PROCEDURE "
     "{s}.watch()",
     "DROP EVENT TRIGGER {x}", "ALTER EVENT TRIGGER {x} DISABLE"},
    {"composite type {s}.{x}", "CREATE TYPE {s}.{x} AS (a int)", "DROP TYPE {s}.{x}"},
    {"attribute {s}.pair.{x}", "ALTER TYPE {s}.pair ADD ATTRIBUTE {x} int",
     "ALTER TYPE {s}.pair DROP ATTRIBUTE {x}"},
    {"attribute {s}.pair.a", "ALTER TYPE {s}.pair ALTER ATTRIBUTE a TYPE bigint",
     "ALTER TYPE {s}.pair ALTER ATTRIBUTE a TYPE int"},
    {"enum {s}.{x}", "CREATE TYPE {s}.{x} AS ENUM ('a', 'b')", "DROP TYPE {s}.{x}"},
    {"enum {s}.mood", "ALTER TYPE {s}.mood ADD VALUE 'so so' BEFORE 'happy'",
     "DROP TYPE {s}.mood; CREATE TYPE {s}.mood AS ENUM ('sad', 'happy')",
     "DROP TYPE {s}.mood; CREATE TYPE {s}.mood AS ENUM ('happy', 'sad')", 12},
    {"enum {s}.mood", "ALTER TYPE {s}.mood RENAME VALUE 'sad' TO 'low'",
     "ALTER TYPE {s}.mood RENAME VALUE 'low' TO 'sad'"},
    {"enum {s}.mood", "GRANT USAGE ON TYPE {s}.mood TO pg_monitor",
     "REVOKE USAGE ON TYPE {s}.mood FROM pg_monitor"},
    {"domain {s}.{x}", "CREATE DOMAIN {s}.{x} AS text", "DROP DOMAIN {s}.{x}"},
    {"domain {s}.age", "ALTER DOMAIN {s}.age SET DEFAULT 20", "ALTER DOMAIN {s}.age DROP DEFAULT",
     "ALTER DOMAIN {s}.age SET DEFAULT 21"},
    {"domain {s}.age", "ALTER DOMAIN {s}.age SET NOT NULL", "ALTER DOMAIN {s}.age DROP NOT NULL"},
    {"constraint {x} on domain {s}.age",
     "ALTER DOMAIN {s}.age ADD CONSTRAINT {x} CHECK (VALUE < 200)",
     "ALTER DOMAIN {s}.age DROP CONSTRAINT {x}"},
    {"constraint grown on domain {s}.age", "ALTER DOMAIN {s}.age DROP CONSTRAINT grown",
     "ALTER DOMAIN {s}.age ADD CONSTRAINT grown CHECK (VALUE > 17)",
     "ALTER DOMAIN {s}.age ADD CONSTRAINT grown CHECK (VALUE > 18)"},
    {"range {s}.{x}", "CREATE TYPE {s}.{x} AS RANGE (subtype = float8)", "DROP TYPE {s}.{x}"},
    {"shell type {s}.{x}", "CREATE TYPE {s}.{x}", "DROP TYPE {s}.{x}"},
    {"cast (integer AS box)", "CREATE CAST (int AS box) WITH FUNCTION {s}.to_box(int)",
     "DROP CAST (int AS box)", "COMMENT ON CAST (int AS box) IS 'gone'"},
    {"operator {s}.<=>(integer,integer)",
     "CREATE OPERATOR {s}.<=> (LEFTARG = int, RIGHTARG = int, PROCEDURE = int4eq)",
     "DROP OPERATOR {s}.<=> (int, int)",
     "ALTER OPERATOR {s}.<=> (int, int) SET (RESTRICT = eqsel)"},
    {"operator class {s}.{x} using btree",
     "CREATE OPERATOR CLASS {s}.{x} FOR TYPE int USING btree FAMILY {s}.family AS OPERATOR 1 <, "
     "FUNCTION 1 btint4cmp(int, int)",
     "DROP OPERATOR CLASS {s}.{x} USING btree"},
    {"operator family {s}.{x} using hash", "CREATE OPERATOR FAMILY {s}.{x} USING hash",
     "DROP OPERATOR FAMILY {s}.{x} USING hash"},
    {"operator family {s}.family using btree",
     "ALTER OPERATOR FAMILY {s}.family USING btree ADD OPERATOR 2 <= (int, int)",
     "ALTER OPERATOR FAMILY {s}.family USING btree DROP OPERATOR 2 (int, int)"},
    {"conversion {s}.{x}",
     "CREATE CONVERSION {s}.{x} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
     "DROP CONVERSION {s}.{x}"},
    {"collation {s}.{x}", "CREATE COLLATION {s}.{x} (LC_COLLATE = 'C', LC_CTYPE = 'POSIX')",
     "DROP COLLATION {s}.{x}"},
    {"access method {x}", "CREATE ACCESS METHOD {x} TYPE INDEX HANDLER bthandler",
     "DROP ACCESS METHOD {x}"},
    {"transform for integer language sql",
     "CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))",
     "DROP TRANSFORM FOR int LANGUAGE sql"},
    {"language {x}", "CREATE LANGUAGE {x} HANDLER plpgsql_call_handler", "DROP LANGUAGE {x}"},
};

}  // namespace

std::span<const ProofStep> routine_steps() {
  return steps;
}

}  // namespace pgpm::tests
