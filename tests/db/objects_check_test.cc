// Bodies that plpgsql_check looks at.
#include <catch2/catch.hpp>

#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

bool is_offered(ObjectsCase& project) {
  return project.query("SELECT 1 FROM pg_available_extensions WHERE name = 'plpgsql_check'") == "1";
}

const TempWorkspace::File bad_function{"sql/f.sql",
                                       "-- a line above\nCREATE FUNCTION f() RETURNS int LANGUAGE "
                                       "plpgsql AS $$\nBEGIN\n  RETURN (SELECT "
                                       "nothing FROM t);\nEND $$;"};

}  // namespace

TEST_CASE("without the extension a check is a warning") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int);"}, bad_function});
  project.options.checks_plpgsql = true;
  const ObjectReport report = project.apply();
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].hint == "CREATE EXTENSION plpgsql_check;");
}

TEST_CASE("a body that cannot run stops the run, at its line") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int);"}, bad_function});
  if (!is_offered(project)) {
    WARN("skipped: the server does not offer the extension plpgsql_check");
    return;
  }
  project.exec("CREATE SCHEMA tools; CREATE EXTENSION plpgsql_check SCHEMA tools");
  project.options.checks_plpgsql = true;
  const Error error = error_of([&] { project.apply(); });
  CHECK(error.code() == ErrorCode::sql);
  REQUIRE(error.diagnostics().size() == 1);
  CHECK(error.diagnostics()[0].where.line == 4);
  CHECK(error.diagnostics()[0].where.column == 3);
  CHECK(error.diagnostics()[0].message == "function f: column \"nothing\" does not exist");
  CHECK(project.query("SELECT to_regclass('t') IS NULL") == "t");
  project.options.checks_plpgsql = false;
  project.apply();
}

TEST_CASE("whoever calls what changed is looked at, and a trigger's function with its table") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int);"},
       {"sql/a.sql", "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1';"},
       {"sql/b.sql",
        "CREATE FUNCTION b() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a(); END $$;"},
       {"sql/g.sql",
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := 1; RETURN "
        "NEW; END $$;"},
       {"sql/h.sql", "CREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();"}});
  if (!is_offered(project)) {
    WARN("skipped: the server does not offer the extension plpgsql_check");
    return;
  }
  project.exec("CREATE EXTENSION plpgsql_check");
  project.options.checks_plpgsql = true;
  project.apply();
  SECTION("a function of another signature") {
    project.write("sql/a.sql", "CREATE FUNCTION a(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';");
    // b's body names a(), which is gone.
    CHECK_FALSE(error_of([&] { project.apply(); }).diagnostics().empty());
  }
  SECTION("a table's column") {
    project.write("migrations/2.sql", "ALTER TABLE t RENAME COLUMN id TO number;");
    const Error error = error_of([&] { project.apply(); });
    REQUIRE(error.diagnostics().size() == 1);
    CHECK(error.diagnostics()[0].message == "function g: record \"new\" has no field \"id\"");
  }
}
