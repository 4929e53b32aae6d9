// Migrations and declarations brought to a database, and what is remembered of it.
#include <catch2/catch.hpp>

#include "engine/db/advisory_lock.h"
#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const char* const recorded =
    "SELECT string_agg(name, ' ' ORDER BY name) FROM "
    "pgpm_migrate.object_migrations";
const char* const tracked =
    "SELECT string_agg(kind || ' ' || identity, ', ' ORDER BY kind, identity) FROM "
    "pgpm_migrate.managed_objects";

}  // namespace

TEST_CASE("migrations run once each and are recorded") {
  ObjectsCase project({{"migrations/001_a.sql", "CREATE TABLE a (id int);"},
                       {"migrations/002_b.sql", "CREATE TABLE b (id int);"}});
  CHECK(project.plan().migrations.size() == 2);
  CHECK(project.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
  CHECK(project.apply().migrations.size() == 2);
  CHECK(project.query(recorded) == "001_a 002_b");
  CHECK(project.plan().nothing_to_do());
  CHECK(project.apply().nothing_to_do());
}

TEST_CASE("an object is created, changed and removed with its file") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int, name text);"},
       {"sql/v.sql", "CREATE VIEW v AS SELECT id FROM t;"},
       {"sql/f.sql", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"}});
  CHECK(changes_of(project.plan()) == "new function f [safe]; new view v [safe]");
  CHECK(steps_of(project.apply()) == "create function f, create view v");
  CHECK(project.query(tracked) == "function public.f(), view public.v");
  project.write("sql/f.sql", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';");
  CHECK(changes_of(project.plan()) == "modified function f [transient]");
  project.apply();
  CHECK(project.query("SELECT f()") == "2");
  project.files.remove("sql/v.sql");
  CHECK(changes_of(project.plan()) == "removed view public.v [breaking]");
  CHECK(steps_of(project.apply()) == "remove view public.v");
  CHECK(project.query(tracked) == "function public.f()");
  CHECK(project.query("SELECT to_regclass('v') IS NULL") == "t");
  CHECK(project.plan().nothing_to_do());
}

TEST_CASE("a migration that fails leaves nothing, and runs when it is mended") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE a (id int);"},
                       {"migrations/2.sql", "CREATE TABLE b (id int);\nSELECT 1/0;\n"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT 1 AS one;"}});
  const Error error = error_of([&] { project.apply(); });
  CHECK(error.code() == ErrorCode::sql);
  CHECK(error.where()->line == 2);
  // The first build is one transaction as well.
  CHECK(project.query("SELECT to_regclass('a') IS NULL AND to_regclass('v') IS NULL AND "
                      "to_regnamespace('pgpm_migrate') IS NULL") == "t");
  CHECK(error_of([&] { project.plan(); }).code() == ErrorCode::sql);
  project.write("migrations/2.sql", "CREATE TABLE b (id int);\n");
  project.apply();
  CHECK(project.query(recorded) == "1 2");
}

TEST_CASE("an object that fails takes the migration back with it") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE a (id int);"}});
  project.apply();
  project.write("migrations/2.sql", "ALTER TABLE a ADD COLUMN more int;");
  project.write("sql/v.sql", "\n\nCREATE VIEW v AS\n  SELECT les FROM a;");
  const Error error = error_of([&] { project.apply(); });
  CHECK(error.where()->to_string().ends_with("v.sql:4:10"));
  CHECK(project.query(recorded) == "1");
  CHECK(
      project.query("SELECT count(*) FROM pg_attribute WHERE attrelid = 'a'::regclass AND attname "
                    "= 'more'") == "0");
}

TEST_CASE("a migration that comes late runs, and that is said") {
  ObjectsCase project({{"migrations/2.sql", "CREATE TABLE b (id int);"}});
  project.apply();
  project.write("migrations/1.sql", "CREATE TABLE a (id int);");
  const ObjectReport report = project.apply();
  CHECK(report.migrations.size() == 1);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].message == "1.sql runs now, after 2, which ran before it was there");
}

TEST_CASE("a migration that ran and was edited is refused; white space and comments are no edit") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE a (id int);"}});
  project.apply();
  project.write("migrations/1.sql", "-- the first\ncreate table a (id  int);\n");
  CHECK(project.apply().nothing_to_do());
  project.write("migrations/1.sql", "CREATE TABLE a (id bigint);");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::edited_script);
}

TEST_CASE("four levels of views are created in order and removed in order") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int);"},
                       {"sql/a.sql", "CREATE VIEW a AS SELECT * FROM b;"},
                       {"sql/b.sql", "CREATE VIEW b AS SELECT * FROM c;"},
                       {"sql/c.sql", "CREATE VIEW c AS SELECT * FROM d;"},
                       {"sql/d.sql", "CREATE VIEW d AS SELECT * FROM t;"}});
  CHECK(steps_of(project.apply()) == "create view d, create view c, create view b, create view a");
  for (const char* file : {"sql/a.sql", "sql/b.sql", "sql/c.sql", "sql/d.sql"})
    project.files.remove(file);
  CHECK(steps_of(project.apply()) ==
        "remove view public.a, remove view public.b, remove view public.c, remove view public.d");
}

TEST_CASE("two hundred objects and views twenty deep") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int, name text);"},
                       {"sql/v00.sql", "CREATE VIEW v00 AS SELECT * FROM t;"}});
  for (int i = 1; i < 20; ++i) {
    const std::string name = std::to_string(100 + i).substr(1),
                      below = std::to_string(99 + i).substr(1);
    project.write("sql/v" + name + ".sql",
                  "CREATE VIEW v" + name + " AS SELECT id, name FROM v" + below + ";");
  }
  std::string functions;
  for (int i = 0; i < 180; ++i)
    functions += "CREATE FUNCTION f" + std::to_string(i) +
                 "() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM v19';\n";
  project.write("sql/functions.sql", functions);
  CHECK(project.apply().recorded == 200);
  const std::string function = project.number("f7()");
  project.write("migrations/2.sql", "ALTER TABLE t ALTER COLUMN name TYPE varchar(10);");
  CHECK(project.apply().steps.size() == 41);  // all views down and up, and the migration
  CHECK(project.number("f7()") == function);
  CHECK(project.query("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                      "'v19'::regclass AND attname = 'name'") == "character varying(10)");
}

TEST_CASE("one run at a time, whatever the server is called") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE a (id int);"}});
  project.options.lock_wait = std::chrono::milliseconds(0);
  {
    db::Connection other = project.database.connect();
    const auto lock = db::RunLock::acquire(other, project.options.lock_wait, {});
    CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::lock_held);
    CHECK(project.plan().migrations.size() == 1);
  }
  CHECK(project.apply().migrations.size() == 1);
  // A run that fails lets go of it.
  project.write("migrations/2.sql", "SELECT 1/0;");
  error_of([&] { project.apply(); });
  db::Connection other = project.database.connect();
  db::RunLock::acquire(other, project.options.lock_wait, {});
}

TEST_CASE(
    "no code directory: objects are left alone, and come back when a migration needs them gone") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int);"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT id FROM t;"}});
  project.apply();
  project.options.files.code_dir.clear();
  CHECK(project.apply().nothing_to_do());
  project.write("migrations/2.sql", "ALTER TABLE t ALTER COLUMN id TYPE bigint;");
  project.apply();
  CHECK(project.query("SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = "
                      "'v'::regclass AND attnum = 1") == "bigint");
}
