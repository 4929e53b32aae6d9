// One of many objects changes: the others are known by what is recorded of them, as long as that is
// enough.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// Enough objects for a state of the catalogs to be recorded; three views that read each other, and
/// functions of them.
struct ManyObjects : ObjectsCase {
  ManyObjects() {
    for (int i = 0; i < 110; ++i)
      write(fmt::format("sql/many/v{}.sql", i),
            fmt::format("CREATE VIEW many{0} AS SELECT {0} AS n;", i));
    write("sql/a.sql", "CREATE VIEW a AS SELECT 1 AS n; COMMENT ON VIEW a IS 'first';");
    write("sql/b.sql", "CREATE VIEW b AS SELECT n FROM a; COMMENT ON VIEW b IS 'second';");
    write("sql/c.sql", "CREATE VIEW c AS SELECT f(n) AS n FROM b;");
    write("sql/f.sql", "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x';");
    write("sql/g.sql", "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT x';");
    apply();
    REQUIRE(query("SELECT count(*) FROM pgpm_migrate.catalog_state") == "1");
  }
  std::string needs(const std::string& dependent) {
    return query(
        "SELECT coalesce(string_agg(required || ' ' || strength, ', ' ORDER BY required), '') FROM "
        "pgpm_migrate.object_dependencies WHERE dependent = '" +
        dependent + "'");
  }
  std::string comments() {
    return query("SELECT obj_description('a'::regclass), obj_description('b'::regclass)");
  }
};

}  // namespace

TEST_CASE("of many objects one body is replaced, and what it names is recorded") {
  ManyObjects project;
  const std::string others = project.number("c");
  project.write("sql/f.sql",
                "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x + n FROM a';");
  CHECK(changes_of(project.plan()) == "modified function f [transient]");
  CHECK(steps_of(project.apply()) == "replace function f");
  CHECK(project.query("SELECT n FROM c") == "2");
  CHECK(project.number("c") == others);
  CHECK(project.needs("public.f(integer)") == "public.a late");
  CHECK(project.plan().nothing_to_do());
}

TEST_CASE("of many objects one has to be dropped with those that need it") {
  ManyObjects project;
  SECTION("a view of another shape") {
    project.write("sql/a.sql",
                  "CREATE VIEW a AS SELECT 2::bigint AS n; COMMENT ON VIEW a IS 'first';");
    project.write("sql/f.sql",
                  "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x';"
                  "CREATE FUNCTION f(x bigint) RETURNS bigint LANGUAGE sql AS 'SELECT x * 10';");
    project.apply();
    CHECK(project.query("SELECT n FROM c") == "20");
  }
  SECTION("a view with one column more") {
    project.write("sql/a.sql",
                  "CREATE VIEW a AS SELECT 20 AS n, 1 AS m; COMMENT ON VIEW a IS 'first';");
    CHECK(steps_of(project.apply()) == "replace view a");
    CHECK(project.query("SELECT n FROM c") == "20");
  }
  SECTION("a function that returns something else") {
    project.write(
        "sql/f.sql",
        "CREATE FUNCTION f(x int) RETURNS bigint LANGUAGE sql AS 'SELECT x * 20::bigint';");
    CHECK(steps_of(project.apply()) ==
          "drop view c, drop function f, create function f, create view c");
    CHECK(project.query("SELECT n FROM c") == "20");
  }
  CHECK(project.comments() == "first|second");
  CHECK(project.plan().nothing_to_do());
}

TEST_CASE("among many objects a cycle is seen before anything is done") {
  ManyObjects project;
  project.write("sql/a.sql", "CREATE VIEW a AS SELECT n FROM b; COMMENT ON VIEW a IS 'first';");
  const Error error = error_of([&] { project.apply(); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(project.query("SELECT n FROM a") == "1");
}

TEST_CASE("a new need of one among many is found though the other was not parsed") {
  ManyObjects project;
  project.write(
      "sql/f.sql",
      "CREATE FUNCTION f(x int, y int DEFAULT g(4)) RETURNS int LANGUAGE sql AS 'SELECT x';");
  project.write("sql/g.sql",
                "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT x * 2';");
  project.write("sql/c.sql", "CREATE VIEW c AS SELECT f(n, g(5)) AS n FROM b;");
  project.apply();
  CHECK(project.needs("public.c") ==
        "public.b early, public.f(integer, integer) early, public.g(integer) early");
  CHECK(project.query("SELECT f(1)") == "1");
  CHECK(project.plan().nothing_to_do());
}

TEST_CASE("who names what came later is recorded as well") {
  ManyObjects project;
  project.write("sql/g.sql",
                "CREATE FUNCTION g(x int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT n "
                "FROM later); END';");
  project.apply();
  CHECK(project.needs("public.g(integer)").empty());
  project.write("sql/later.sql", "CREATE VIEW later AS SELECT 7 AS n;");
  CHECK(steps_of(project.apply()) == "create view later");
  CHECK(project.needs("public.g(integer)") == "public.later late");
  project.files.remove("sql/many/v1.sql");
  project.apply();
  CHECK(project.needs("public.g(integer)") == "public.later late");
}

TEST_CASE("what somebody else changed is seen though a statement is as it was applied") {
  ManyObjects project;
  project.exec("CREATE OR REPLACE VIEW many7 AS SELECT 70 AS n");
  project.write("sql/f.sql",
                "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x + 1';");
  CHECK(changes_of(project.plan()).find("drifted view many7") != std::string::npos);
  project.apply();
  CHECK(project.query("SELECT m.n, c.n FROM many7 AS m, c") == "7|2");
}
