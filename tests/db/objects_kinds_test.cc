// Types, comments, operators and the other kinds: made, changed where they are, taken back.
#include <catch2/catch.hpp>

#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("a domain that tables use is altered where it is") {
  ObjectsCase project({{"sql/d.sql", "CREATE DOMAIN small AS int CHECK (value < 10);"}});
  project.apply();
  project.exec("CREATE TABLE t (x small); INSERT INTO t VALUES (3), (NULL)");
  const std::string number = project.query("SELECT 'small'::regtype::oid");
  project.write("sql/d.sql",
                "CREATE DOMAIN small AS int DEFAULT 1 + 1 CONSTRAINT low CHECK (value < 20) CHECK "
                "(value > 0);");
  CHECK(steps_of(project.apply()) == "replace domain small");
  CHECK(project.query("SELECT 'small'::regtype::oid") == number);
  CHECK(
      project.query("SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' ORDER BY "
                    "conname) FROM pg_constraint WHERE contypid = 'small'::regtype") ==
      "low CHECK ((VALUE < 20)), small_check CHECK ((VALUE > 0))");
  CHECK(project.query("SELECT typdefault FROM pg_type WHERE typname = 'small'") == "(1 + 1)");
  CHECK(project.apply().nothing_to_do());
  SECTION("rows that do not fit are the author's to see") {
    project.write("sql/d.sql", "CREATE DOMAIN small AS int NOT NULL;");
    const Error error = error_of([&] { project.apply(); });
    CHECK(error.server()->sqlstate == "23502");
    CHECK(error.where()->line == 1);
  }
  SECTION("back to nothing") {
    project.write("sql/d.sql", "CREATE DOMAIN small AS int;");
    CHECK(steps_of(project.apply()) == "replace domain small");
    CHECK(project.query("SELECT count(*) FROM pg_constraint WHERE contypid = 'small'::regtype") ==
          "0");
  }
  SECTION("another base needs another domain, and the table stands in the way") {
    project.write("sql/d.sql", "CREATE DOMAIN small AS text;");
    CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::refused);
    project.exec("DROP TABLE t");
    CHECK(changes_of(project.apply()) == "modified domain small [breaking]");
  }
}

TEST_CASE("a composite type that tables use gains, loses and changes attributes") {
  ObjectsCase project(
      {{"sql/p.sql", "CREATE TYPE pair AS (a int, b text, c date);"},
       {"sql/f.sql", "CREATE FUNCTION f(p pair) RETURNS int LANGUAGE sql AS 'SELECT p.a';"}});
  project.apply();
  const std::string function = project.number("f(pair)");
  const char* const shape =
      "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) "
      "FROM pg_attribute WHERE attrelid = 'pair'::regclass AND NOT attisdropped";
  SECTION("in a table, by adding and dropping") {
    project.exec("CREATE TABLE t (p pair); INSERT INTO t VALUES (ROW(1, 'x', NULL))");
    project.write("sql/p.sql", "CREATE TYPE pair AS (a int, b text, d numeric(5,2));");
    CHECK(steps_of(project.apply()) == "replace type pair");
    CHECK(project.query(shape) == "a integer, b text, d numeric(5,2)");
    CHECK(project.number("f(pair)") == function);
    CHECK(project.query("SELECT p FROM t") == "(1,x,)");
  }
  SECTION("an attribute's type, where no table has it") {
    project.write("sql/p.sql", "CREATE TYPE pair AS (a int, b varchar(5), c date);");
    CHECK(changes_of(project.apply()) == "modified type pair [breaking]");
    CHECK(project.query(shape) == "a integer, b character varying(5), c date");
    CHECK(project.number("f(pair)") == function);
  }
  SECTION("another order is another type") {
    project.write("sql/p.sql", "CREATE TYPE pair AS (b text, a int, c date);");
    CHECK(steps_of(project.apply()) ==
          "drop function f, drop type pair, create type pair, create function f");
    CHECK(project.query(shape) == "b text, a integer, c date");
  }
  SECTION("under a view that reads the attribute") {
    project.write("sql/v.sql", "CREATE VIEW v AS SELECT (NULL::pair).b AS b;");
    project.apply();
    project.write("sql/p.sql", "CREATE TYPE pair AS (a int, b int, c date);");
    project.apply();
    CHECK(project.query("SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = "
                        "'v'::regclass AND attnum = 1") == "integer");
  }
}

TEST_CASE("an enum gains labels where it is, and loses them only when nobody uses it") {
  ObjectsCase project({{"sql/e.sql", "CREATE TYPE mood AS ENUM ('a', 'c');"}});
  project.apply();
  project.exec("CREATE TABLE t (m mood)");
  project.write("sql/e.sql", "CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'it''s');");
  if (project.server_version() < 120000) {
    // There a label cannot be added in a transaction.
    const Error error = error_of([&] { project.apply(); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK(error.hint().find("ALTER TYPE ... ADD VALUE") != std::string::npos);
    project.exec("ALTER TYPE mood ADD VALUE 'b' BEFORE 'c'");
    project.exec("ALTER TYPE mood ADD VALUE 'it''s'");
  }
  CHECK(changes_of(project.apply()) == "modified type mood [transient]");
  CHECK(project.query("SELECT enum_range(NULL::mood)") == "{a,b,c,it's}");
  project.write("sql/e.sql", "CREATE TYPE mood AS ENUM ('a', 'c');");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::refused);
  project.exec("DROP TABLE t");
  CHECK(changes_of(project.apply()) == "modified type mood [breaking]");
}

TEST_CASE("labels that migrations add go with the run if it fails, and may be of its own type") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TYPE mood AS ENUM ('a');"}});
  if (project.server_version() < 120000) return;  // nor by a migration
  project.apply();
  project.write("migrations/2.sql",
                "ALTER TYPE mood ADD VALUE 'b'; CREATE TYPE other AS ENUM ('x');");
  project.write("migrations/3.sql", "ALTER TYPE other ADD VALUE 'y';");
  project.write("migrations/4.sql", "SELECT 1/0;");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::sql);
  CHECK(project.query("SELECT enum_range(NULL::mood)") == "{a}");
  project.files.remove("migrations/4.sql");
  project.apply();
  CHECK(project.query("SELECT enum_range(NULL::other)") == "{x,y}");
}

TEST_CASE("comments follow their files and their objects") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int);"},
       {"sql/v.sql", "CREATE VIEW v AS SELECT id FROM t;"},
       {"sql/c.sql",
        "COMMENT ON VIEW v IS 'one'; COMMENT ON COLUMN v.id IS 'number'; COMMENT ON "
        "TABLE t IS 'rows'; COMMENT ON FUNCTION f(int) IS 'gives';"},
       {"sql/f.sql", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"}});
  const char* const said =
      "SELECT concat_ws(' ', obj_description('v'::regclass), col_description('v'::regclass, 1), "
      "obj_description('t'::regclass), (SELECT obj_description(oid, 'pg_proc') FROM pg_proc WHERE "
      "proname = 'f'))";
  CHECK(project.apply().compatibility == Compatibility::safe);
  CHECK(project.query(said) == "one number rows gives");
  project.write("sql/c.sql", "COMMENT ON VIEW v IS 'two'; COMMENT ON COLUMN v.id IS 'number';");
  CHECK(
      changes_of(project.apply()) ==
      "modified comment view v [safe]; removed comment function public.f(integer) [safe]; removed "
      "comment table public.t [safe]");
  CHECK(project.query(said) == "two number");
  // Said again of what is made anew.
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT id::text AS id FROM t;");
  project.apply();
  CHECK(project.query(said) == "two number");
  // A comment and what it is about go in one run.
  project.files.remove("sql/c.sql");
  project.files.remove("sql/v.sql");
  project.apply();
  CHECK(project.query("SELECT to_regclass('v') IS NULL") == "t");
}

TEST_CASE("operators are made, changed, commented and removed") {
  const std::string functions =
      "CREATE FUNCTION app.near(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT abs($1 - $2) < "
      "2';"
      "CREATE FUNCTION app.far(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT abs($1 - $2) > 9';"
      "CREATE FUNCTION app.neg(int) RETURNS int LANGUAGE sql AS 'SELECT -$1';";
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE SCHEMA app;"},
       {"sql/a.sql",
        "CREATE OPERATOR app.<~> (LEFTARG = int, RIGHTARG = int, FUNCTION = app.near);"
        "CREATE OPERATOR app.!! (RIGHTARG = int, FUNCTION = app.neg);"
        "COMMENT ON OPERATOR app.<~> (int, int) IS 'near';"},
       {"sql/f.sql", functions}});
  project.apply();
  CHECK(project.query("SELECT 1 OPERATOR(app.<~>) 2, OPERATOR(app.!!) 5") == "t|-5");
  CHECK(project.query(
            "SELECT obj_description(oid, 'pg_operator') FROM pg_operator WHERE oprname = '<~>'") ==
        "near");
  project.write("sql/a.sql",
                "CREATE OPERATOR app.<~> (LEFTARG = int, RIGHTARG = int, FUNCTION = app.far);"
                "COMMENT ON OPERATOR app.<~> (int, int) IS 'far';");
  CHECK(steps_of(project.apply()).find("create operator app.<~>(integer, integer)") !=
        std::string::npos);
  CHECK(project.query("SELECT 1 OPERATOR(app.<~>) 2") == "f");
  CHECK(project.query("SELECT string_agg(oprname, ' ') FROM pg_operator WHERE oprnamespace = "
                      "'app'::regnamespace") == "<~>");
}

TEST_CASE("ranges, casts, aggregates, rules, policies, procedures and grants") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"},
       {"sql/all.sql",
        "GRANT SELECT ON total_view TO pg_monitor;"
        "CREATE VIEW total_view AS SELECT total(id) AS n FROM t;"
        "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');"
        "CREATE TYPE span AS RANGE (SUBTYPE = float8);"
        "CREATE TYPE cents AS (n int);"
        "CREATE FUNCTION to_cents(int) RETURNS cents LANGUAGE sql AS 'SELECT ROW($1)::cents';"
        "CREATE CAST (int AS cents) WITH FUNCTION to_cents(int);"
        "CREATE RULE nothing AS ON DELETE TO t DO INSTEAD NOTHING;"
        "CREATE POLICY positive ON t USING (id > 0);"
        "CREATE PROCEDURE fill(n int) LANGUAGE sql AS 'INSERT INTO t SELECT n';"
        "CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE UNIQUE INDEX m_id ON m (id);"}});
  CHECK(project.apply().recorded == 12);
  project.exec("CALL fill(3); DELETE FROM t");
  CHECK(project.query("SELECT n, (7::cents).n, has_table_privilege('pg_monitor', 'total_view', "
                      "'SELECT') FROM total_view") == "3|7|t");
  project.files.remove("sql/all.sql");
  project.apply();
  CHECK(project.query("SELECT count(*) FROM pgpm_migrate.managed_objects") == "0");
  CHECK(project.query("SELECT count(*) FROM pg_policy") == "0");
  CHECK(project.query("SELECT count(*) FROM pg_cast WHERE oid > 16384") == "0");
}

TEST_CASE("what programs notice is said with each change") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int, name text);"},
       {"sql/a.sql", "CREATE VIEW v AS SELECT id, name FROM t;"},
       {"sql/f.sql", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';"},
       {"sql/p.sql", "CREATE TYPE p AS (a int4);"},
       {"sql/m.sql", "CREATE MATERIALIZED VIEW m AS SELECT id FROM v;"},
       {"sql/w.sql", "CREATE VIEW w AS SELECT id FROM v;"}});
  CHECK(project.plan().compatibility == Compatibility::safe);
  project.apply();
  const auto after = [&](const char* file, const char* text) {
    project.write(std::string("sql/") + file, text);
    return changes_of(project.plan());
  };
  CHECK(after("f.sql", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1';") ==
        "modified function f [transient]");
  CHECK(after("f.sql", "CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT b';") ==
        "modified function f [breaking]");
  CHECK(after("f.sql",
              "CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint';") ==
        "modified function f [breaking]");
  project.write("sql/f.sql", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';");
  CHECK(after("a.sql", "CREATE VIEW v AS SELECT id, name FROM t WHERE id > 0;") ==
        "modified view v [transient]");
  // A type written in another way is the same.
  project.apply();
  CHECK(after("p.sql", "CREATE TYPE p AS (a integer);") == "modified type p [transient]");
  project.apply();
  // The change of one, and what it makes necessary of others.
  const ObjectReport report = [&] {
    project.write("sql/a.sql", "CREATE VIEW v AS SELECT id::bigint AS id, name FROM t;");
    return project.plan();
  }();
  CHECK(report.compatibility == Compatibility::breaking);
  CHECK(changes_of(report) ==
        "modified view v [breaking]; affected materialized view m [breaking]; affected view w "
        "[breaking]");
  project.apply();
  project.files.remove("sql/w.sql");
  CHECK(changes_of(project.plan()) == "removed view public.w [breaking]");
}
