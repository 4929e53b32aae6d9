// A database that is there already: files come out of it, and build it again.
#include <catch2/catch.hpp>

#include <filesystem>

#include "pgpm/adopt_objects.h"
#include "pgpm/catalog.h"
#include "tests/db/objects_case.h"
#include "tests/support/login_role.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

class AdoptCase : public ObjectsCase {
 public:
  AdoptCase() {
    adopting.code_dir = options.files.code_dir;
    options.files.migrations_dir.clear();
  }
  ObjectAdoption adopt() { return adopt_objects(database.target(), adopting, {}); }
  /// Its declarations in a database that has the tables only.
  ObjectReport build(TestDatabase& other) { return apply_objects(other.target(), options, {}); }

  AdoptObjectsOptions adopting;
};

std::string files_of(const ObjectAdoption& adoption) {
  std::string text;
  for (const ObjectAdoption::File& file : adoption.files)
    text += (text.empty() ? "" : " ") + file.file;
  return text;
}

std::string messages_of(const ObjectAdoption& adoption) {
  std::string text;
  for (const Diagnostic& warning : adoption.warnings) text += warning.message + "\n";
  return text;
}

std::string differences(const Target& before, const Target& after) {
  std::string text;
  for (const ObjectDifference& each : difference(take_snapshot(before), take_snapshot(after)))
    text += describe(each) + "\n";
  return text;
}

const char* const tables = R"sql(
CREATE SCHEMA app;
CREATE SCHEMA "Odd Schema";
CREATE TYPE app.level AS ENUM ('low', 'high');
CREATE FUNCTION app.initial() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE app.users (id int PRIMARY KEY, name text NOT NULL, "order" int, lvl app.level);
CREATE TABLE app."Log" (id int DEFAULT app.initial(), what text);
ALTER TABLE app."Log" ENABLE ROW LEVEL SECURITY;
CREATE SEQUENCE app.numbers;
COMMENT ON TABLE app.users IS 'people';
CREATE INDEX users_name ON app.users (name);
)sql";

/// $1, a role.
const char* const objects = R"sql(
CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok');
CREATE DOMAIN app.email AS varchar(99) COLLATE "C" DEFAULT 'a@b' CONSTRAINT has_at CHECK (VALUE LIKE '%@%') NOT NULL;
COMMENT ON DOMAIN app.email IS 'mail';
COMMENT ON CONSTRAINT has_at ON DOMAIN app.email IS 'needs one';
CREATE TYPE app.pair AS (a int, "B c" text COLLATE "C", m app.mood);
COMMENT ON TYPE app.pair IS 'two';
COMMENT ON COLUMN app.pair."B c" IS 'second';
REVOKE USAGE ON TYPE app.pair FROM PUBLIC;
GRANT USAGE ON TYPE app.pair TO $1;
CREATE TYPE app.floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE app."text range" AS RANGE (subtype = text, collation = "C");
CREATE VIEW app.names AS SELECT id, name, "order" FROM app.users WHERE id > 0 AND (name <> 'x' OR name LIKE '\_%');
COMMENT ON VIEW app.names IS E'who\\how';
COMMENT ON COLUMN app.names.id IS 'it''s a number';
GRANT SELECT ON app.names TO $1, pg_monitor;
GRANT UPDATE (name, "order") ON app.names TO $1;
GRANT INSERT ON app.names TO $1 WITH GRANT OPTION;
CREATE VIEW app."user" WITH (security_barrier) AS SELECT id FROM app.names WITH LOCAL CHECK OPTION;
CREATE VIEW "Odd Schema"."A ""View""/x" AS SELECT id AS "select" FROM app."user";
CREATE VIEW public.rounds AS WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t;
CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) AS n, name FROM app.names GROUP BY name;
CREATE UNIQUE INDEX counts_name ON app.counts (name) WHERE n > 0;
COMMENT ON INDEX app.counts_name IS 'fast';
CREATE MATERIALIZED VIEW app.empty WITH (fillfactor = 70) AS SELECT 1 AS one WITH NO DATA;
CREATE FUNCTION app.total(a int, b int DEFAULT 2, OUT c int) LANGUAGE sql AS $$ SELECT a + b $$;
CREATE FUNCTION app.total(text, app.mood[]) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = app AS $f$
BEGIN
  -- a comment; with a semicolon
  RETURN 'x' || $1;
END
$f$;
CREATE FUNCTION app.total() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 3; END;
REVOKE EXECUTE ON FUNCTION app.total(text, app.mood[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.total(text, app.mood[]) TO $1;
COMMENT ON FUNCTION app.total(int, int) IS 'adds';
CREATE PROCEDURE app.go(x int[], VARIADIC y text[]) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
REVOKE ALL ON PROCEDURE app.go(int[], text[]) FROM PUBLIC;
COMMENT ON PROCEDURE app.go IS 'goes';
CREATE AGGREGATE app.sum2(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
COMMENT ON AGGREGATE app.sum2(int) IS 'adds up';
REVOKE EXECUTE ON FUNCTION app.sum2(int) FROM PUBLIC;
CREATE FUNCTION app.first_state(anyelement, anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE AGGREGATE app.first(anyelement) (SFUNC = app.first_state, STYPE = anyelement);
CREATE AGGREGATE app.cnt(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0', MSFUNC = int8inc, MINVFUNC = int8dec, MSTYPE = int8, MINITCOND = '0');
CREATE AGGREGATE app.middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE FUNCTION app.trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER audit BEFORE INSERT OR UPDATE OF name ON app.users FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION app.trg('a', 'b');
CREATE CONSTRAINT TRIGGER test AFTER INSERT ON app.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.trg();
COMMENT ON TRIGGER audit ON app.users IS 'watches';
CREATE RULE "Protect" AS ON DELETE TO app."Log" DO INSTEAD NOTHING;
COMMENT ON RULE "Protect" ON app."Log" IS 'no';
CREATE POLICY mine ON app."Log" AS RESTRICTIVE FOR UPDATE TO $1, pg_monitor USING (what = current_user) WITH CHECK (id > 1);
CREATE POLICY all_of ON app."Log" USING (true);
COMMENT ON POLICY mine ON app."Log" IS 'own';
CREATE FUNCTION app.near(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT abs($1-$2) < 2';
CREATE FUNCTION app.far(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT abs($1-$2) >= 2';
CREATE OPERATOR app.~~~ (FUNCTION = app.near, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.~~~), NEGATOR = OPERATOR(app.!~~~));
CREATE OPERATOR app.!~~~ (FUNCTION = app.far, LEFTARG = int, RIGHTARG = int, NEGATOR = OPERATOR(app.~~~), RESTRICT = neqsel);
COMMENT ON OPERATOR app.~~~ (int, int) IS 'near';
CREATE FUNCTION app.neg(int) RETURNS int LANGUAGE sql AS 'SELECT -$1';
CREATE OPERATOR app.~~~ (FUNCTION = app.neg, RIGHTARG = int);
CREATE FUNCTION app.mood_of(int) RETURNS app.mood LANGUAGE sql AS $$ SELECT 'sad'::app.mood $$;
CREATE CAST (int AS app.mood) WITH FUNCTION app.mood_of(int) AS ASSIGNMENT;
COMMENT ON CAST (int AS app.mood) IS 'always sad';
CREATE VIEW app.uses AS SELECT app.total(1, 2) AS x, 1 OPERATOR(app.~~~) 2 AS y, app.sum2(id) OVER () AS z, 1::app.mood AS m FROM app.users;
)sql";

std::string objects_for(const std::string& role) {
  std::string text = objects;
  for (std::size_t at = text.find("TO $1"); at != std::string::npos; at = text.find("TO $1"))
    text.replace(at + 3, 2, role);
  return text;
}

}  // namespace

TEST_CASE("what is adopted has nothing to be done, and builds the same database") {
  const LoginRole role;
  TestDatabase other;
  AdoptCase project;
  project.exec(tables);
  project.exec(objects_for(role.name()));
  const ObjectAdoption adoption = project.adopt();
  CHECK(messages_of(adoption) ==
        "function app.initial(): default value for column id of table app.\"Log\" needs it\n"
        "type app.level: column lvl of table app.users needs it\n");
  const ObjectReport planned = project.plan();
  CHECK(changes_of(planned) == "");
  CHECK(planned.nothing_to_do());
  CHECK(planned.warnings.empty());
  CHECK(project.query("SELECT count(*) FROM pgpm_migrate.managed_objects") ==
        std::to_string(adoption.recorded()));
  other.exec(tables);
  project.build(other);
  CHECK(differences(project.database.target(), other.target()) == "");
  // Every kind, with names that are safe everywhere.
  const std::string files = files_of(adoption);
  for (const char* file : {"aggregates/app/cnt.sql",
                           "casts/integer-mood.sql",
                           "domains/app/email.sql",
                           "functions/app/total.sql",
                           "functions/app/total-integer-integer.sql",
                           "functions/app/total-text-mood_array.sql",
                           "indexes/app/counts_name.sql",
                           "materialized_views/app/counts.sql",
                           "operators/app/%7E%7E%7E-integer-integer.sql",
                           "operators/app/%7E%7E%7E-none-integer.sql",
                           "operators/app/%21%7E%7E%7E.sql",
                           "policies/app/Log-mine.sql",
                           "procedures/app/go.sql",
                           "rules/app/Log-Protect.sql",
                           "triggers/app/users-audit.sql",
                           "triggers/app/users-test.sql",
                           "types/app/pair.sql",
                           "types/app/text%20range.sql",
                           "views/Odd%20Schema/A%20%22View%22%2Fx.sql",
                           "views/app/user.sql",
                           "views/public/rounds.sql"})
    CHECK((" " + files + " ").find(std::string(" ") + file + " ") != std::string::npos);
  CHECK(files.find("users_name") == std::string::npos);
  // Since 16 servers leave out the table's name where there is only one.
  std::string names = project.files.read("sql/views/app/names.sql");
  for (std::size_t at; (at = names.find(" users.")) != std::string::npos ||
                       (at = names.find("(users.")) != std::string::npos;)
    names.erase(at + 1, 6);
  CHECK(names ==
        "CREATE VIEW app.names AS\n"
        "SELECT id,\n"
        "    name,\n"
        "    \"order\"\n"
        "   FROM app.users\n"
        "  WHERE id > 0 AND (name <> 'x'::text OR name ~~ '\\_%'::text);\n"
        "COMMENT ON VIEW app.names IS E'who\\\\how';\n"
        "COMMENT ON COLUMN app.names.id IS 'it''s a number';\n"
        "GRANT INSERT ON TABLE app.names TO " +
            role.name() +
            " WITH GRANT OPTION;\n"
            "GRANT SELECT ON TABLE app.names TO pg_monitor;\n"
            "GRANT SELECT, UPDATE (name, \"order\") ON TABLE app.names TO " +
            role.name() + ";\n");
  // From then on they are edited like any other.
  project.write("sql/views/public/rounds.sql", "CREATE VIEW public.rounds AS SELECT 1 AS n;");
  CHECK(steps_of(project.apply()) == "replace view rounds");
}

TEST_CASE("what is managed is passed over, and what came since is adopted") {
  AdoptCase project;
  project.exec("CREATE VIEW one AS SELECT 1 AS n");
  CHECK(files_of(project.adopt()) == "views/one.sql");
  const ObjectAdoption nothing = project.adopt();
  CHECK(nothing.files.empty());
  CHECK(nothing.managed == 1);
  project.exec("CREATE VIEW two AS SELECT n FROM one");
  CHECK(files_of(project.adopt()) == "views/two.sql");
  CHECK(project.plan().nothing_to_do());
  CHECK(project.query("SELECT dependent, required FROM pgpm_migrate.object_dependencies") ==
        "public.two|public.one");
}

TEST_CASE("no file is written over, and then none is written") {
  AdoptCase project;
  project.exec(
      "CREATE VIEW a AS SELECT 1 AS n; CREATE VIEW b AS SELECT 1 AS n; "
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  project.write("sql/views/b.sql", "-- mine\n");
  const Error error = error_of([&] { project.adopt(); });
  CHECK(error.code() == ErrorCode::refused);
  REQUIRE(error.diagnostics().size() == 1);
  CHECK(error.diagnostics()[0].where.file.ends_with("sql/views/b.sql"));
  CHECK(project.files.read("sql/views/b.sql") == "-- mine\n");
  CHECK_FALSE(project.files.exists("sql/views/a.sql"));
  CHECK_FALSE(project.files.exists("sql/functions"));
  CHECK(project.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
}

TEST_CASE("rows that cannot be written take the files back with them") {
  const LoginRole role;
  AdoptCase project;
  project.exec("CREATE VIEW a AS SELECT 1 AS n; CREATE DOMAIN d AS int");
  Target target = project.database.target();
  target.user = role.name();
  const Error error = error_of([&] { adopt_objects(target, project.adopting, {}); });
  CHECK(error.server()->sqlstate == "42501");
  CHECK_FALSE(project.files.exists("sql/views"));
  CHECK_FALSE(project.files.exists("sql/domains"));
  SECTION("and a folder that cannot be is found before anything is written") {
    project.write("sql/views", "");
    CHECK(error_of([&] { project.adopt(); }).code() == ErrorCode::configuration);
    CHECK_FALSE(project.files.exists("sql/domains"));
    CHECK(project.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
  }
}

TEST_CASE("another database is adopted with the same files") {
  TestDatabase other;
  AdoptCase project;
  const std::string sql =
      "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; COMMENT ON VIEW v IS 'ids'; "
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
  project.exec(sql);
  project.adopt();
  other.exec(sql);
  SECTION("which is the same") {
    const ObjectAdoption adoption = adopt_objects(other.target(), project.adopting, {});
    CHECK(adoption.files.empty());
    CHECK(adoption.declared.size() == 3);
    CHECK(project.build(other).nothing_to_do());
  }
  SECTION("which has an object in other words, one without its declaration, and one more") {
    other.exec(
        "CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 0; "
        "GRANT EXECUTE ON FUNCTION f() TO pg_monitor; CREATE VIEW w AS SELECT 1 AS n");
    const ObjectAdoption adoption = adopt_objects(other.target(), project.adopting, {});
    CHECK(files_of(adoption) == "views/w.sql");
    CHECK(messages_of(adoption).find("view v is declared here in other words") == 0);
    CHECK(messages_of(adoption).find("declares it without this: GRANT EXECUTE ON FUNCTION "
                                     "public.f() TO pg_monitor") != std::string::npos);
  }
}

TEST_CASE("only of the schemas that are named") {
  AdoptCase project;
  project.exec(
      "CREATE SCHEMA a; CREATE SCHEMA b; CREATE VIEW a.v AS SELECT 1 AS n; "
      "CREATE VIEW b.v AS SELECT 1 AS n; CREATE DOMAIN a.d AS int; CREATE FUNCTION "
      "b.f(int) RETURNS a.d LANGUAGE sql AS 'SELECT $1::a.d'; "
      "CREATE CAST (int AS a.d) WITH FUNCTION b.f(int); "
      "CREATE COLLATION b.c FROM \"C\"");
  project.adopting.schemas = {"a"};
  CHECK(files_of(project.adopt()) == "domains/d.sql views/v.sql");
  CHECK(project.plan().nothing_to_do());
  project.adopting.schemas = {"b"};
  project.adopting.code_dir = project.files.path("b/sql").string();
  const ObjectAdoption adoption = project.adopt();
  // A cast is of its function's schema.
  CHECK(files_of(adoption) == "casts/integer-d.sql functions/f.sql views/v.sql");
  CHECK(messages_of(adoption).find("collation b.c: no file can declare it") != std::string::npos);
  project.adopting.schemas = {"a", "no \"such\""};
  CHECK(std::string(error_of([&] { project.adopt(); }).what()) ==
        "the database has no schema \"no \"\"such\"\"\"");
}

TEST_CASE(
    "what extensions and the ledger have is theirs, and what tables need is the migrations'") {
  AdoptCase project;
  project.exec(
      "CREATE EXTENSION citext; CREATE FUNCTION inner_f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE DOMAIN base AS int; CREATE TYPE comp AS (x base);"
      "CREATE FUNCTION checked(comp[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS "
      "'SELECT true';"
      "CREATE TABLE t (c comp[] CHECK (checked(c)));"
      "CREATE VIEW row_of AS SELECT inner_f() AS n; CREATE TABLE u (r row_of);"
      "CREATE FUNCTION free() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
      "CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION on_ddl()");
  const ObjectAdoption adoption = project.adopt();
  CHECK(files_of(adoption) == "functions/free.sql");
  CHECK(messages_of(adoption) ==
        "view public.row_of: column r of table public.u needs it\n"
        "function public.checked(public.comp[]): constraint t_c_check on table public.t needs it\n"
        "function public.inner_f(): column r of table public.u needs it\n"
        "function public.on_ddl(): event trigger watch needs it\n"
        "type public.base: column c of table public.t needs it\n"
        "type public.comp: column c of table public.t needs it\n"
        "event trigger watch: no file can declare it\n");
}

TEST_CASE("what files cannot say is said once, and stays in the database") {
  const LoginRole role;
  AdoptCase project;
  project.exec(
      "CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN RETURN NEW; END'; CREATE TRIGGER off AFTER DELETE ON t EXECUTE FUNCTION f();"
      "ALTER TABLE t DISABLE TRIGGER off; CREATE VIEW v AS SELECT id FROM t; "
      "ALTER VIEW v OWNER TO " +
      role.name() + "; ALTER VIEW v ALTER id SET DEFAULT 3");
  const ObjectAdoption adoption = project.adopt();
  CHECK(
      messages_of(adoption) ==
      "view public.v: views/v.sql does not say ALTER VIEW public.v ALTER COLUMN id SET DEFAULT 3\n"
      "trigger off on table public.t: triggers/t-off.sql does not say ALTER TABLE public.t DISABLE "
      "TRIGGER off\n"
      "1 object belongs to " +
          role.name() + ", which files do not say\n");
  CHECK(project.plan().nothing_to_do());
  project.write("sql/views/v.sql", "CREATE VIEW v AS SELECT id::text AS id FROM t;");
  project.write("sql/triggers/t-off.sql",
                "CREATE TRIGGER off AFTER INSERT ON t EXECUTE FUNCTION f();");
  project.apply();
  CHECK(project.query("SELECT pg_get_userbyid(relowner) = '" + role.name() +
                      "' FROM pg_class WHERE relname = 'v'") == "t");
  CHECK(project.query("SELECT tgenabled FROM pg_trigger WHERE tgname = 'off'") == "D");
}

TEST_CASE("rights that default privileges would give and the object does not have are revoked") {
  const LoginRole role;
  TestDatabase other;
  AdoptCase project;
  const std::string defaults =
      "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO " + role.name() +
      "; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO " + role.name() +
      "; CREATE TABLE t (id int);";
  project.exec(defaults +
               "CREATE VIEW kept AS SELECT id FROM t; CREATE VIEW taken AS SELECT id "
               "FROM t; REVOKE SELECT ON taken FROM " +
               role.name() +
               "; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON "
               "FUNCTION f() FROM " +
               role.name());
  other.exec(defaults);
  project.adopt();
  CHECK(project.files.read("sql/views/taken.sql")
            .ends_with("REVOKE SELECT ON TABLE public.taken FROM " + role.name() + ";\n"));
  project.build(other);
  CHECK(differences(project.database.target(), other.target()) == "");
}

TEST_CASE("migrations whose tables are there are recorded without running") {
  AdoptCase project;
  project.exec("CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t");
  project.write("migrations/001_tables.sql", "CREATE TABLE t (id int);");
  project.adopting.migrations_dir = project.files.path("migrations").string();
  CHECK(project.adopt().migrations == std::vector<std::string>{"001_tables"});
  project.options.files.migrations_dir = project.adopting.migrations_dir;
  CHECK(project.plan().nothing_to_do());
  TestDatabase other;
  CHECK(steps_of(project.build(other)) == "create view v");
}

TEST_CASE("a trial writes neither files nor rows") {
  AdoptCase project;
  project.exec("CREATE VIEW v AS SELECT 1 AS n");
  project.adopting.dry_run = true;
  project.adopting.code_dir = project.files.path("new").string();
  CHECK(files_of(project.adopt()) == "views/v.sql");
  CHECK_FALSE(project.files.exists("new"));
  CHECK(project.query("SELECT to_regnamespace('pgpm_migrate') IS NULL") == "t");
}
