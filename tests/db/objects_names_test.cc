// Names that have to be quoted, schemas with equal names, search paths, and texts that are kept
// byte by byte.
#include <catch2/catch.hpp>

#include "engine/sql/keywords.h"
#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("mixed case, reserved words and quotes in names") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE \"Table\" (\"Id\" int, \"order\" text);"},
       {"sql/a.sql", "CREATE VIEW \"MyView\" AS SELECT \"Id\", \"order\" FROM \"Table\";"},
       {"sql/b.sql", "CREATE VIEW myview AS SELECT 1 AS one;"},
       {"sql/c.sql", "CREATE VIEW \"select\" AS SELECT \"Id\" FROM \"MyView\";"},
       {"sql/d.sql",
        "CREATE FUNCTION \"it's \"\"f\"\"\"(\"A b\" int) RETURNS int LANGUAGE sql AS "
        "'SELECT \"A b\" FROM \"select\"';"},
       {"sql/e.sql", "COMMENT ON VIEW \"MyView\" IS 'mine';"}});
  project.apply();
  const std::string other = project.number("myview");
  project.write("sql/a.sql",
                "CREATE VIEW \"MyView\" AS SELECT \"Id\"::bigint AS \"Id\" FROM \"Table\";");
  CHECK(steps_of(project.apply()) ==
        "drop view \"select\", drop view \"MyView\", create view \"MyView\", create view "
        "\"select\", create "
        "comment view \"MyView\"");
  CHECK(project.number("myview") == other);
  project.write("migrations/2.sql", "ALTER TABLE \"Table\" ALTER COLUMN \"Id\" TYPE bigint;");
  project.apply();
  CHECK(project.number("myview") == other);
  for (const char* file : {"sql/a.sql", "sql/c.sql", "sql/d.sql", "sql/e.sql"})
    project.files.remove(file);
  project.apply();
  CHECK(project.query("SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'v' AND "
                      "relnamespace = 'public'::regnamespace") == "myview");
  CHECK(project.query("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") ==
        "0");
}

TEST_CASE("words that a name cannot be without quotes are shown in quotes") {
  TestDatabase database;
  // Other versions have a word more or less.
  if (database.connection().server_version() / 10000 != 15) return;
  const db::Result words =
      database.connection().exec("SELECT word, catcode <> 'U' FROM pg_get_keywords()");
  REQUIRE(words.rows() > 400);
  for (std::size_t row = 0; row < words.rows(); ++row)
    CHECK(std::pair(words.str(row, 0), sql::is_keyword(words.text(row, 0))) ==
          std::pair(words.str(row, 0), words.boolean(row, 1)));
  CHECK_FALSE(sql::is_keyword("users"));
}

TEST_CASE("equal names in several schemas are several objects") {
  ObjectsCase project({{"migrations/1.sql",
                        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id int); "
                        "CREATE TABLE b.t (id text);"},
                       {"sql/a.sql", "CREATE VIEW a.v AS SELECT id FROM a.t;"},
                       {"sql/b.sql", "CREATE VIEW b.v AS SELECT id FROM b.t;"},
                       {"sql/c.sql", "CREATE VIEW v AS SELECT id FROM a.v;"}});
  project.apply();
  const std::string a = project.number("a.v"), b = project.number("b.v");
  project.write("migrations/2.sql", "ALTER TABLE b.t ALTER COLUMN id TYPE varchar(5);");
  CHECK(steps_of(project.apply()) == "drop view b.v, create view b.v");
  CHECK(project.number("a.v") == a);
  CHECK(project.number("b.v") != b);
}

TEST_CASE("users and public.users are one") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int);"},
                       {"sql/v.sql", "CREATE VIEW public.v AS SELECT id FROM t;"},
                       {"sql/w.sql", "CREATE VIEW w AS SELECT id FROM v;"}});
  project.apply();
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT id FROM public.t;");
  CHECK(steps_of(project.apply()) == "replace view v");
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT id::text AS id FROM t;");
  CHECK(steps_of(project.apply()) == "drop view w, drop view v, create view v, create view w");
}

TEST_CASE("a function with a search_path of its own, and one that calls itself") {
  ObjectsCase project(
      {{"migrations/1.sql",
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); INSERT INTO app.t VALUES (5);"},
       {"sql/1.sql",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = app AS 'SELECT id FROM "
        "v';"},
       {"sql/2.sql", "CREATE VIEW app.v AS SELECT id FROM app.t;"},
       {"sql/3.sql",
        "CREATE FUNCTION fac(n int) RETURNS int LANGUAGE sql AS "
        "'SELECT CASE WHEN n < 2 THEN 1 ELSE n * fac(n - 1) END';"},
       {"sql/4.sql",
        "CREATE FUNCTION is_even(n int) RETURNS boolean LANGUAGE sql AS "
        "'SELECT n = 0 OR is_odd(n - 1)';"},
       {"sql/5.sql",
        "CREATE FUNCTION is_odd(n int) RETURNS boolean LANGUAGE sql AS "
        "'SELECT n > 0 AND is_even(n - 1)';"}});
  project.apply();
  CHECK(project.query("SELECT f(), fac(5), is_even(4)") == "5|120|t");
  CHECK(project.apply().nothing_to_do());
}

TEST_CASE("literals and bodies reach the server as they are written") {
  ObjectsCase project(
      {{"sql/v.sql", "CREATE VIEW v AS SELECT 'a\n   -- no comment\n\n\tB  ' AS text;"},
       {"sql/f.sql",
        "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $x$\nBEGIN\n\n    RETURN ' one\n  "
        "  two';\nEND $x$;"}});
  project.apply();
  CHECK(project.query("SELECT text FROM v") == "a\n   -- no comment\n\n\tB  ");
  CHECK(project.query("SELECT f()") == " one\n    two");
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT 'a\n   -- no COMMENT\n\n\tB  ' AS text;");
  CHECK(steps_of(project.apply()) == "replace view v");
}

TEST_CASE(
    "a file that does not parse removes nothing, an empty folder removes what is declared no "
    "more") {
  ObjectsCase project({{"sql/v.sql", "CREATE VIEW v AS SELECT 1 AS one;"}});
  project.apply();
  project.exec("CREATE TABLE stays (id int)");
  // Not of views: those of a newer server are told by their first words, and judged by it.
  project.write("sql/v.sql", "CREATE VIEWS v AS SELECT 1;");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::configuration);
  CHECK(error_of([&] { project.plan(); }).code() == ErrorCode::configuration);
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT 1 AS one; GRANT;");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::configuration);
  CHECK(project.query("SELECT one FROM v") == "1");
  project.files.remove("sql/v.sql");
  project.apply();
  CHECK(project.query("SELECT to_regclass('v') IS NULL, to_regclass('stays') IS NOT NULL") ==
        "t|t");
}

TEST_CASE("a function that calls an aggregate of ours, and one named like the server's") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE SCHEMA app;"},
       {"sql/2.sql",
        "CREATE AGGREGATE product(int) (SFUNC = times, STYPE = bigint, INITCOND = '1');"},
       {"sql/3.sql",
        "CREATE FUNCTION times(bigint, int) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * $2';"},
       {"sql/4.sql", "CREATE VIEW v AS SELECT lower(1) AS l;"},
       {"sql/5.sql", "CREATE FUNCTION lower(int) RETURNS int LANGUAGE sql AS 'SELECT $1 - 1';"}});
  project.write("sql/1.sql",
                with_known_bodies("CREATE FUNCTION uses() RETURNS bigint LANGUAGE sql BEGIN ATOMIC "
                                  "SELECT product(x) FROM generate_series(1, 4) AS g (x); END;",
                                  project.server_version()));
  project.apply();
  CHECK(project.query("SELECT uses(), l FROM v") == "24|0");
}
