// What undoes a statement, as text: whether it really does is shown by tests/cases/import.case.
#include <catch2/catch.hpp>

#include "engine/sql/parse_tree_inverse.h"

namespace pgpm::sql {
namespace {

std::string reverted(std::string_view statement) {
  const Inverse inverse = inverse_of(statement);
  std::string text = inverse.underivable.empty() ? "" : "? ";
  for (const std::string& revert : inverse.revert) text += revert + ";";
  return text;
}

std::string verified(std::string_view statement) {
  std::string text;
  for (const std::string& verify : inverse_of(statement).verify) text += verify + ";";
  return text;
}

}  // namespace

TEST_CASE("what makes an object is undone by dropping it") {
  CHECK(reverted("CREATE TABLE app.\"T x\" (a int)") == "DROP TABLE \"app\".\"T x\";");
  CHECK(reverted("create or replace view v as select 1") == "DROP VIEW \"v\";");
  CHECK(reverted("CREATE MATERIALIZED VIEW m AS SELECT 1") == "DROP MATERIALIZED VIEW \"m\";");
  CHECK(reverted("CREATE UNIQUE INDEX i ON app.t (a)") == "DROP INDEX \"app\".\"i\";");
  CHECK(reverted("CREATE POLICY p ON app.t USING (true)") == "DROP POLICY \"p\" ON \"app\".\"t\";");
  CHECK(reverted("CREATE SCHEMA app") == "DROP SCHEMA \"app\";");
  CHECK(reverted("CREATE DOMAIN d AS text") == "DROP DOMAIN \"d\";");
}

TEST_CASE("a routine is named by what is passed in") {
  CHECK(reverted("CREATE FUNCTION app.f(a int[], OUT b text, VARIADIC c app.t[]) AS 'x' LANGUAGE "
                 "sql") ==
        "DROP FUNCTION \"app\".\"f\"(\"pg_catalog\".\"int4\"[], \"app\".\"t\"[]);");
  CHECK(reverted("CREATE PROCEDURE p(INOUT n int) LANGUAGE sql AS 'x'") ==
        "DROP PROCEDURE \"p\"(\"pg_catalog\".\"int4\");");
  CHECK(reverted("CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'x'") ==
        "DROP FUNCTION \"f\"();");
}

TEST_CASE("actions of ALTER TABLE are undone in reverse") {
  CHECK(reverted("ALTER TABLE t ADD COLUMN a int, ADD CONSTRAINT c CHECK (a > 0)") ==
        "ALTER TABLE \"t\" DROP CONSTRAINT \"c\", DROP COLUMN \"a\";");
  CHECK(reverted("ALTER TABLE t ALTER COLUMN a SET DEFAULT 1") ==
        "ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP DEFAULT;");
  CHECK(reverted("ALTER TABLE t OWNER TO bob").empty());
}

TEST_CASE("grants and comments are turned round as they are written") {
  CHECK(reverted("GRANT SELECT (a), UPDATE ON TABLE \"to\" TO bob, PUBLIC WITH GRANT OPTION") ==
        "REVOKE SELECT (a), UPDATE ON TABLE \"to\" FROM bob, PUBLIC;");
  CHECK(reverted("GRANT admin TO bob") == "REVOKE admin FROM bob;");
  CHECK(reverted("COMMENT ON TABLE \"is\" IS 'this IS it'") == "COMMENT ON TABLE \"is\" IS NULL;");
}

TEST_CASE("what was there before is nobody's to know") {
  for (const char* statement :
       {"UPDATE t SET a = 1", "DROP TABLE t", "ALTER TABLE t DROP COLUMN a",
        "REVOKE ALL ON t FROM bob", "CREATE INDEX ON t (a)", "DO 'x'", "this is no SQL", ""})
    CHECK(reverted(statement) == "? ");
  CHECK(reverted("SELECT 1").empty());
}

TEST_CASE("verify statements fail where there is no such thing") {
  CHECK(verified("CREATE TABLE app.\"it's\" (a int)") ==
        "SELECT '\"app\".\"it''s\"'::pg_catalog.regclass;");
  CHECK(verified("ALTER TABLE t ADD COLUMN a int") == "SELECT \"a\" FROM \"t\" WHERE FALSE;");
  CHECK(verified("CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f()") ==
        "SELECT 1 / pg_catalog.count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = "
        "'\"t\"'::pg_catalog.regclass AND tgname = 'x';");
}

}  // namespace pgpm::sql
