// What goes and comes back when something under it changes, and what stays.
#include <catch2/catch.hpp>

#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("a table, a view, a materialized view, a function and a trigger follow each other") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int); CREATE TABLE log (line text);"},
       {"sql/1_trigger.sql",
        "CREATE TRIGGER noted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();\n"
        "COMMENT ON TRIGGER noted ON t IS 'notes';"},
       {"sql/2_function.sql",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log "
        "SELECT n::text FROM sums; RETURN NULL; END $$;"},
       {"sql/3_sums.sql", "CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS n FROM v;"},
       {"sql/4_view.sql", "CREATE VIEW v AS SELECT id FROM t;"}});
  CHECK(steps_of(project.apply()) ==
        "create view v, create materialized view sums, create function note, create trigger noted "
        "on t, create comment trigger noted on t");
  project.exec("INSERT INTO t VALUES (1)");
  CHECK(project.query("SELECT * FROM log") == "0");
  for (const char* file :
       {"sql/1_trigger.sql", "sql/2_function.sql", "sql/3_sums.sql", "sql/4_view.sql"})
    project.files.remove(file);
  project.apply();
  CHECK(project.query("SELECT count(*) FROM pg_class WHERE relname IN ('v', 'sums')") == "0");
  CHECK(project.query("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal") == "0");
  CHECK(project.query("SELECT count(*) FROM pg_description AS d WHERE d.classoid = "
                      "'pg_trigger'::regclass AND d.description = 'notes'") == "0");
}

TEST_CASE("a column is dropped under a view whose file says so") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int, name text, old text);"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT id, name, old FROM t;"},
                       {"sql/w.sql", "CREATE VIEW w AS SELECT id, name FROM v;"},
                       {"sql/m.sql", "CREATE MATERIALIZED VIEW m AS SELECT id, old FROM v;"}});
  project.apply();
  project.write("migrations/2.sql", "ALTER TABLE t DROP COLUMN old;");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::sql);
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT id, name FROM t;");
  project.write("sql/m.sql", "CREATE MATERIALIZED VIEW m AS SELECT id FROM v;");
  const ObjectReport report = project.apply();
  CHECK(report.migrations.size() == 1);
  CHECK(report.compatibility == Compatibility::breaking);
  CHECK(project.query("SELECT count(*) FROM w JOIN m USING (id)") == "0");
}

TEST_CASE("renames, type changes and dropped tables are seen, not only ALTER TABLE") {
  ObjectsCase project({{"migrations/1.sql",
                        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int, m mood);"
                        "CREATE TABLE u (id int);"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT id, m FROM t;"}});
  project.apply();
  SECTION("a table that is dropped and made anew") {
    project.write("migrations/2.sql", "DROP TABLE t; CREATE TABLE t (id bigint, m text);");
    CHECK(steps_of(project.apply()) == "drop view v, create view v");
    CHECK(project.query("SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = "
                        "'v'::regclass AND attname = 'id'") == "bigint");
  }
  SECTION("a renamed column") {
    project.write("migrations/2.sql", "ALTER TABLE t RENAME COLUMN m TO feeling;");
    // The view as it is goes on reading the column by its new name; its file does not.
    CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::sql);
    project.write("sql/v.sql", "CREATE VIEW v AS SELECT id, feeling FROM t;");
    project.apply();
    CHECK(
        project.query("SELECT attname FROM pg_attribute WHERE attrelid = 'v'::regclass AND attnum "
                      "= 2") == "feeling");
  }
  SECTION("a type") {
    project.write("migrations/2.sql", "ALTER TABLE t ALTER COLUMN m TYPE text; DROP TYPE mood;");
    CHECK(steps_of(project.apply()) == "drop view v, create view v");
  }
  SECTION("a table that has nothing to do with it") {
    const std::string before = project.number("v");
    project.write("migrations/2.sql", "ALTER TABLE u ALTER COLUMN id TYPE bigint;");
    CHECK(steps_of(project.apply()).empty());
    CHECK(project.number("v") == before);
  }
}

TEST_CASE("a signature changes, and bodies that are text go on working") {
  ObjectsCase project(
      {{"sql/base.sql", "CREATE FUNCTION base() RETURNS int LANGUAGE sql AS 'SELECT 1';"},
       {"sql/user.sql",
        "CREATE FUNCTION uses() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN base(); END $$;"},
       {"sql/view.sql", "CREATE VIEW v AS SELECT base() AS b;"}});
  project.apply();
  const std::string uses = project.number("uses()");
  project.write("sql/base.sql",
                "CREATE FUNCTION base() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';");
  CHECK(steps_of(project.apply()) ==
        "drop view v, drop function base, create function base, create view v");
  CHECK(project.number("uses()") == uses);
  CHECK(project.query("SELECT uses(), b FROM v") == "2|2");
}

TEST_CASE("a parameter is added or its type changed: one routine remains") {
  ObjectsCase project(
      {{"sql/f.sql", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';"},
       {"sql/p.sql", "CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT a';"},
       {"sql/s.sql", "CREATE AGGREGATE s(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');"}});
  project.apply();
  project.write("sql/f.sql",
                "CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b';");
  project.write("sql/p.sql", "CREATE PROCEDURE p(a bigint) LANGUAGE sql AS 'SELECT a';");
  project.write("sql/s.sql",
                "CREATE AGGREGATE s(float8) (SFUNC = float8pl, STYPE = float8, INITCOND = '0');");
  project.apply();
  CHECK(
      project.query("SELECT string_agg(oid::regprocedure::text, ' ' ORDER BY proname) FROM pg_proc "
                    "WHERE pronamespace = 'public'::regnamespace") ==
      "f(integer,integer) p(bigint) s(double precision)");
  CHECK(project.query("SELECT f(1, 2), s(x) FROM (VALUES (1.5::float8), (2)) AS v (x)") == "3|3.5");
}

TEST_CASE("overloads live beside each other") {
  ObjectsCase project(
      {{"sql/f.sql",
        "CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql AS $$ SELECT 'int' $$;\n"
        "CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;\n"
        "CREATE VIEW v AS SELECT f(1) AS a, f('x'::text) AS b;"}});
  CHECK(project.apply().recorded == 3);
  CHECK(project.query("SELECT * FROM v") == "int|text");
  const std::string other = project.number("f(text)");
  project.write("sql/f.sql",
                "CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql AS $$ SELECT 'integer' $$;\n"
                "CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;\n"
                "CREATE VIEW v AS SELECT f(1) AS a, f('x'::text) AS b;");
  CHECK(steps_of(project.apply()) == "replace function f");
  CHECK(project.query("SELECT * FROM v") == "integer|text");
  CHECK(project.number("f(text)") == other);
}

TEST_CASE("a migration makes a function anew that triggers of one name on two tables call") {
  ObjectsCase project(
      {{"migrations/1.sql",
        "CREATE TABLE a (id int); CREATE TABLE b (id int);"
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"},
       {"sql/t.sql",
        "CREATE TRIGGER touched BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION touch();\n"
        "CREATE TRIGGER touched BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION touch();"}});
  project.apply();
  project.write("migrations/2.sql",
                "DROP FUNCTION touch();"
                "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := 7; "
                "RETURN NEW; END $$;");
  CHECK(steps_of(project.apply()) ==
        "drop trigger touched on a, drop trigger touched on b, create trigger touched on a, create "
        "trigger touched on b");
  project.exec("INSERT INTO b VALUES (1)");
  CHECK(project.query("SELECT id FROM b") == "7");
}

TEST_CASE("what others need is not removed, and nothing changes") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int);"},
       {"sql/a.sql", "CREATE VIEW a AS SELECT id FROM t;"},
       {"sql/b.sql",
        "CREATE FUNCTION b() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM a';"},
       {"sql/d.sql", "CREATE DOMAIN d AS int CHECK (value > 0);"}});
  project.apply();
  project.exec("CREATE TABLE uses_d (x d)");
  SECTION("a declared object") {
    project.files.remove("sql/a.sql");
    const Error error = error_of([&] { project.apply(); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK(messages(error).find("function b needs it") != std::string::npos);
  }
  SECTION("a table's column") {
    project.files.remove("sql/d.sql");
    const Error error = error_of([&] { project.apply(); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK(messages(error) == "table public.uses_d needs it\n");
  }
  SECTION("an object of others") {
    project.exec("CREATE VIEW theirs AS SELECT * FROM a");
    project.files.remove("sql/a.sql");
    project.files.remove("sql/b.sql");
    CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::refused);
    project.exec("DROP VIEW theirs");
    CHECK(steps_of(project.apply()) == "remove function public.b(), remove view public.a");
    return;
  }
  CHECK(project.query("SELECT count(*) FROM a") == "0");
}

TEST_CASE("owner, rights, comments, options, indexes and rules come back") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE TABLE t (id int, name text); INSERT INTO t VALUES (1, 'x');"},
       {"sql/v.sql", "CREATE VIEW v WITH (security_barrier) AS SELECT id, name FROM t;"},
       {"sql/m.sql", "CREATE MATERIALIZED VIEW m AS SELECT id, name FROM v;"},
       {"sql/g.sql", "CREATE FUNCTION g(r v) RETURNS int LANGUAGE sql AS 'SELECT r.id';"}});
  project.apply();
  project.exec(
      "GRANT SELECT ON t TO pg_read_all_stats; GRANT SELECT (id), UPDATE (name) ON v TO pg_monitor "
      "WITH GRANT OPTION;"
      "GRANT SELECT ON m TO PUBLIC; REVOKE ALL ON FUNCTION g(v) FROM PUBLIC;"
      "GRANT EXECUTE ON FUNCTION g(v) TO pg_monitor; ALTER VIEW v OWNER TO pg_read_all_stats;"
      "COMMENT ON COLUMN v.name IS 'it''s a name'; COMMENT ON MATERIALIZED VIEW m IS 'sums';"
      "CREATE UNIQUE INDEX m_id ON m (id); CREATE INDEX m_name ON m (name, id);"
      "CREATE RULE quiet AS ON DELETE TO v DO INSTEAD NOTHING;"
      "CREATE FUNCTION ignore() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER ignored INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION ignore();"
      "ALTER VIEW v ALTER COLUMN name SET DEFAULT 'nobody';");
  const char* const said =
      "SELECT c.relname, c.relacl, c.reloptions, pg_get_userbyid(c.relowner), "
      "obj_description(c.oid, "
      "'pg_class'), c.relispopulated FROM pg_class AS c WHERE relname IN ('v', 'm') UNION ALL "
      "SELECT a.attname || ' of ' || c.relname, a.attacl, ARRAY[pg_get_expr(d.adbin, d.adrelid)], "
      "'', "
      "col_description(c.oid, a.attnum), true FROM pg_class AS c JOIN pg_attribute AS a ON "
      "a.attrelid "
      "= c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = "
      "a.attnum "
      "WHERE relname IN ('v', 'm') UNION ALL SELECT indexdef, NULL, NULL, '', '', true FROM "
      "pg_indexes "
      "WHERE tablename = 'm' UNION ALL SELECT proname, proacl, NULL, '', '', true FROM pg_proc "
      "WHERE "
      "proname = 'g' UNION ALL SELECT rulename, NULL, ARRAY[ev_enabled::text], '', '', true FROM "
      "pg_rewrite WHERE rulename = 'quiet' UNION ALL SELECT tgname, NULL, NULL, '', '', true FROM "
      "pg_trigger WHERE tgname = 'ignored' ORDER BY 1";
  const std::string before = project.query(said), number = project.number("v");
  project.write("migrations/2.sql", "ALTER TABLE t ALTER COLUMN name TYPE varchar(9);");
  project.apply();
  CHECK(project.number("v") != number);
  CHECK(project.query(said) == before);
}

TEST_CASE("objects of others come back identical") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int, name text);"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT id, name FROM t;"}});
  project.apply();
  project.exec(
      "CREATE VIEW theirs AS SELECT name, id FROM v; GRANT SELECT ON theirs TO pg_monitor;"
      "CREATE MATERIALIZED VIEW kept AS SELECT count(*) AS n FROM theirs; CREATE INDEX ON kept (n);"
      "CREATE FUNCTION reads() RETURNS SETOF theirs LANGUAGE sql BEGIN ATOMIC SELECT * FROM "
      "theirs; END;"
      // What its text names is not where the catalogs are.
      "CREATE FUNCTION counts(t theirs) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM "
      "theirs';"
      "COMMENT ON VIEW theirs IS 'ours';");
  const char* const all =
      "SELECT pg_get_viewdef('theirs'::regclass), pg_get_viewdef('kept'::regclass), "
      "pg_get_functiondef('reads'::regproc), pg_get_functiondef('counts'::regproc), (SELECT relacl "
      "FROM pg_class WHERE relname = "
      "'theirs'), "
      "obj_description('theirs'::regclass), (SELECT string_agg(indexdef, ' ') FROM pg_indexes "
      "WHERE "
      "tablename = 'kept')";
  const std::string before = project.query(all);
  project.write("migrations/2.sql", "ALTER TABLE t ALTER COLUMN id TYPE bigint;");
  SECTION("restored") {
    project.apply();
    CHECK(project.query(all) == before);
  }
  SECTION("or the run is refused and names them") {
    project.options.on_unmanaged = OnUnmanaged::refuse;
    const Error error = error_of([&] { project.apply(); });
    CHECK(error.code() == ErrorCode::refused);
    CHECK(messages(error).find("view public.theirs needs it, and is not managed") !=
          std::string::npos);
    CHECK(project.query(all) == before);
  }
}

TEST_CASE("a materialized view is made again from one that holds no rows") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int); INSERT INTO t VALUES (7);"},
                       {"sql/a.sql", "CREATE MATERIALIZED VIEW a AS SELECT id FROM t;"},
                       {"sql/b.sql", "CREATE VIEW b AS SELECT id FROM a;"},
                       {"sql/c.sql", "CREATE MATERIALIZED VIEW c AS SELECT id FROM b;"}});
  project.apply();
  project.exec("REFRESH MATERIALIZED VIEW a WITH NO DATA");
  const std::string number = project.number("a");
  project.write("sql/c.sql", "CREATE MATERIALIZED VIEW c AS SELECT id, id + 1 AS more FROM b;");
  project.apply();
  CHECK(project.query("SELECT * FROM c") == "7|8");
  CHECK(project.number("a") == number);
  CHECK(project.query("SELECT relispopulated FROM pg_class WHERE relname = 'a'") == "f");
  // What is new is told what the server says.
  project.write("sql/d.sql", "CREATE MATERIALIZED VIEW d AS SELECT id FROM b;");
  CHECK(error_of([&] { project.apply(); }).server()->sqlstate == "55000");
}
