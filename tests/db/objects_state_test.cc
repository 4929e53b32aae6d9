// Whether the catalogs are as they were when objects were recorded: then nobody looks at
// definitions, and in every other case what is told is what a look would tell.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <functional>

#include "engine/db/own_transaction.h"
#include "engine/objects/catalog_state.h"
#include "tests/db/ledger_database.h"
#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// Enough views for counting to be worth it.
std::string many_views(const std::string& prefix) {
  std::string text;
  for (std::size_t i = 0; i < objects::worth_counting; ++i)
    text += fmt::format("CREATE VIEW {}{} AS SELECT {} AS n;\n", prefix, i, i);
  return text;
}

/// Whose objects are as recorded without a look at any of them.
objects::Owners proven_in(const Target& target) {
  db::Connection connection = db::Connection::open(target);
  const db::OwnTransaction look(connection, db::OwnTransaction::reading);
  objects::ServerCatalog catalog(connection);
  return objects::proven_owners(catalog, objects::read_state(connection, {""}));
}

/// What a plan tells, whether or not it knows a state of the catalogs.
std::string told_by(const ObjectReport& report) {
  std::string text = changes_of(report) + " | " + steps_of(report);
  for (const Diagnostic& warning : report.warnings) text += " | " + warning.message;
  return text;
}

/// `pgpm objects` with many objects, of which one has been applied last.
class Many : public ObjectsCase {
 public:
  Many() : ObjectsCase({{"sql/views.sql", many_views("v")}}) {
    files.write("sql/last.sql", "CREATE FUNCTION last() RETURNS int LANGUAGE sql AS 'SELECT 0';");
  }

  /// Changes a function's body.
  ObjectReport apply_one() {
    write(
        "sql/last.sql",
        fmt::format("CREATE FUNCTION last() RETURNS int LANGUAGE sql AS 'SELECT {}';", ++bodies_));
    return apply();
  }
  bool is_proven() { return proven_in(database.target()).contains(""); }
  void forget() { exec("DELETE FROM pgpm_migrate.catalog_state"); }
  /// What a plan tells with the state of the catalogs; and the same has to be told without.
  std::string plan_both_ways() {
    return both_ways([&] { return told_by(plan()); });
  }
  /// What a plan that stops at drift says of it.
  std::string drift_both_ways() {
    options.on_drift = OnDrift::error;
    std::string drift = both_ways([&] { return drift_found(); });
    options.on_drift = OnDrift::overwrite;
    return drift;
  }

 private:
  std::string both_ways(const std::function<std::string()>& told) {
    std::string with = told();
    forget();
    CHECK(told() == with);
    return with;
  }
  std::string drift_found() {
    try {
      return told_by(plan());
    } catch (const Error& error) {
      std::string text;
      for (const Diagnostic& each : error.diagnostics()) text += each.message + "\n";
      return text;
    }
  }

  int bodies_ = 0;
};

/// Has it said of whatever is there now that it is as recorded.
void forge(TestDatabase& database) {
  // Other tests may commit at the same time, and then it is looked at after all.
  for (int tries = 0; tries < 50 && proven_in(database.target()).empty(); ++tries) {
    db::Connection connection = database.connect();
    db::OwnTransaction transaction(connection);
    objects::ServerCatalog catalog(connection);
    objects::record_catalog_state(connection, catalog, {""}, objects::moment_now(connection));
    transaction.commit();
  }
}

}  // namespace

TEST_CASE("after an apply no definition is asked for", "[objects_state]") {
  Many project;
  project.apply();
  CHECK(project.is_proven());
  CHECK(project.plan().nothing_to_do());
  CHECK(steps_of(project.apply_one()) == "replace function last");
  CHECK(project.is_proven());
  CHECK(project.plan().nothing_to_do());

  // Nobody notices what a look would find, once the state says that nothing moved.
  project.exec("CREATE OR REPLACE VIEW v7 AS SELECT 70 AS n");
  CHECK_FALSE(project.is_proven());
  forge(project.database);
  CHECK(project.is_proven());
  CHECK(project.plan().nothing_to_do());
  CHECK(steps_of(project.apply_one()) == "replace function last");
  CHECK(project.is_proven());
  project.forget();
  CHECK(changes_of(project.plan()) == "drifted view v7 [transient]");
}

TEST_CASE("where there are few objects they are looked at", "[objects_state]") {
  ObjectsCase project({{"sql/v.sql", "CREATE VIEW v AS SELECT 1 AS n;"}});
  project.apply();
  CHECK(project.query("SELECT count(*) FROM pgpm_migrate.catalog_state") == "0");
}

TEST_CASE("planning and applying nothing write no state", "[objects_state]") {
  Many project;
  project.apply();
  project.exec("CREATE TABLE another (id int)");
  const std::string row = project.query("SELECT ctid, xmin FROM pgpm_migrate.catalog_state");
  CHECK(project.plan().nothing_to_do());
  CHECK(project.apply().nothing_to_do());
  CHECK(project.query("SELECT ctid, xmin FROM pgpm_migrate.catalog_state") == row);
  CHECK_FALSE(project.is_proven());
}

TEST_CASE("whatever is done by hand is found as by a look at everything", "[objects_state]") {
  TestRole role(fmt::format("state_{}", getpid()));
  Many project;
  project.write("migrations/1.sql",
                "CREATE SCHEMA other; CREATE TABLE other.x (id int);\n"
                "CREATE TABLE t (id int, name text);\n"
                "CREATE TYPE shape AS (a int);\n"
                "CREATE FUNCTION helper() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
                "CREATE COLLATION mine FROM \"C\";\n"
                "CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);\n"
                "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);");
  project.write(
      "sql/named.sql",
      fmt::format("CREATE VIEW a AS SELECT id, name FROM t;\n"
                  "CREATE VIEW over_schema AS SELECT id FROM other.x;\n"
                  "CREATE VIEW over_function AS SELECT helper() AS h;\n"
                  "CREATE VIEW over_operator AS SELECT id FROM t WHERE id === 1;\n"
                  "CREATE VIEW over_collation AS SELECT name FROM t ORDER BY name COLLATE mine;\n"
                  "CREATE VIEW over_words AS SELECT to_tsvector('words', name) AS w FROM t;\n"
                  "CREATE VIEW lonely AS SELECT 1 AS one;\n"
                  "CREATE FUNCTION f(s shape) RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
                  "CREATE TYPE mood AS ENUM ('low', 'high');\n"
                  "CREATE DOMAIN positive AS int CONSTRAINT above CHECK (VALUE > 0);\n"
                  "CREATE TYPE pair AS (l int, r int);\n"
                  "CREATE MATERIALIZED VIEW m AS SELECT id FROM t;\n"
                  "CREATE INDEX m_id ON m (id);\n"
                  "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; "
                  "END';\n"
                  "CREATE TRIGGER noted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();\n"
                  "CREATE POLICY mine ON t TO {};\n"
                  "COMMENT ON VIEW a IS 'said';",
                  role.name()));
  project.apply();

  struct Case {
    std::string done, found, undone;
  };
  const std::vector<Case> cases{
      {"CREATE OR REPLACE VIEW a AS SELECT id, name FROM t WHERE id > 1", "view a was ", ""},
      {"CREATE OR REPLACE FUNCTION f(s shape) RETURNS int LANGUAGE sql AS 'SELECT 2'",
       "function f was ", ""},
      {"ALTER VIEW a SET (security_barrier = true)", "view a was ", ""},
      {"ALTER VIEW a OWNER TO " + role.name(), "", "ALTER VIEW a OWNER TO CURRENT_USER"},
      {"GRANT SELECT ON a TO " + role.name(), "", "REVOKE ALL ON a FROM " + role.name()},
      {"COMMENT ON VIEW a IS 'otherwise'", "", ""},
      {"ALTER TABLE t RENAME COLUMN name TO title", "view a was ",
       "ALTER TABLE t RENAME COLUMN title TO name"},
      {"ALTER TABLE t RENAME TO tt", "view a was ", "ALTER TABLE tt RENAME TO t"},
      {"ALTER TYPE shape RENAME TO figure", "function f was ", "ALTER TYPE figure RENAME TO shape"},
      {"ALTER FUNCTION helper() RENAME TO help", "view over_function was ",
       "ALTER FUNCTION help() RENAME TO helper"},
      {"ALTER COLLATION mine RENAME TO yours", "view over_collation was ",
       "ALTER COLLATION yours RENAME TO mine"},
      {"ALTER TEXT SEARCH CONFIGURATION words RENAME TO texts", "view over_words was ",
       "ALTER TEXT SEARCH CONFIGURATION texts RENAME TO words"},
      {"ALTER OPERATOR === (int, int) SET SCHEMA other", "view over_operator was ",
       "ALTER OPERATOR other.=== (int, int) SET SCHEMA public"},
      {"ALTER SCHEMA other RENAME TO another", "view over_schema was ",
       "ALTER SCHEMA another RENAME TO other"},
      {fmt::format("ALTER ROLE {0} RENAME TO {0}_x", role.name()), "policy mine on t was ",
       fmt::format("ALTER ROLE {0}_x RENAME TO {0}", role.name())},
      {"ALTER DOMAIN positive RENAME CONSTRAINT above TO beyond", "domain positive was ",
       "ALTER DOMAIN positive RENAME CONSTRAINT beyond TO above"},
      {"ALTER DOMAIN positive DROP CONSTRAINT above", "domain positive was ", ""},
      {"ALTER TYPE mood RENAME VALUE 'low' TO 'lower'", "type mood was ",
       "ALTER TYPE mood RENAME VALUE 'lower' TO 'low'"},
      {"ALTER TYPE pair DROP ATTRIBUTE r", "type pair was ", ""},
      {"ALTER TABLE t DISABLE TRIGGER noted", "", "ALTER TABLE t ENABLE TRIGGER noted"},
      {"DROP TRIGGER noted ON t", "trigger noted on t was ", ""},
      {"DROP POLICY mine ON t", "policy mine on t was ", ""},
      {"DROP INDEX m_id", "index m_id was ", ""},
      {"DROP FUNCTION f(shape)", "function f was ", ""},
      {"DROP VIEW lonely", "view lonely was ", ""},
      {"DROP VIEW lonely; CREATE VIEW lonely AS SELECT 1 AS one", "", ""},
      {"ALTER VIEW lonely RENAME TO alone", "view lonely was ",
       "ALTER VIEW alone RENAME TO lonely"},
      {"TRUNCATE t", "", ""},
      {"VACUUM FULL pg_class", "", ""},
      {"UPDATE pgpm_migrate.managed_objects SET definition = definition || 'x'"
       " WHERE identity = 'public.v5'",
       "view v5 was ",
       "UPDATE pgpm_migrate.managed_objects SET definition = rtrim(definition, 'x')"
       " WHERE identity = 'public.v5'"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.done);
    project.apply_one();
    CHECK(project.is_proven());
    project.exec(each.done);
    const std::string told = project.drift_both_ways();
    if (each.found.empty())
      CHECK(told == " | ");
    else
      CHECK_THAT(told, Catch::Contains(each.found));
    if (!each.undone.empty()) project.exec(each.undone);
  }
}

TEST_CASE("what is committed after the state was recorded is found", "[objects_state]") {
  Many project;
  project.apply();
  db::Connection other = project.database.connect();
  other.exec("BEGIN; CREATE OR REPLACE VIEW v3 AS SELECT 30 AS n");
  // It has to wait for nobody: that is how it is seen that v3 is not asked for.
  CHECK(steps_of(project.apply_one()) == "replace function last");
  CHECK(project.is_proven());
  SECTION("and what is rolled back is not") {
    other.exec("ROLLBACK");
    CHECK(project.is_proven());
    CHECK(project.plan_both_ways() == " | ");
  }
  SECTION("when it was begun before") {
    other.exec("COMMIT");
    CHECK_FALSE(project.is_proven());
    CHECK_THAT(project.plan_both_ways(), Catch::StartsWith("drifted view v3"));
  }
  SECTION("also in a savepoint") {
    other.exec("SAVEPOINT s; CREATE OR REPLACE VIEW v4 AS SELECT 40 AS n; COMMIT");
    CHECK_THAT(project.plan_both_ways(),
               Catch::StartsWith("drifted view v3 [transient]; drifted view v4"));
  }
}

TEST_CASE("others that commit during a run have everything looked at", "[objects_state]") {
  Many project;
  project.apply();
  project.forget();
  db::Connection connection = project.database.connect();
  db::Connection other = project.database.connect();
  const auto record_while = [&](const std::string& sql) {
    db::OwnTransaction transaction(connection);
    objects::ServerCatalog catalog(connection);
    const objects::Moment begun = objects::moment_now(connection);
    connection.exec("SAVEPOINT s; CREATE TABLE ours (); RELEASE SAVEPOINT s");
    if (!sql.empty()) other.exec(sql);
    objects::record_catalog_state(connection, catalog, {""}, begun);
    transaction.commit();
    return project.is_proven();
  };
  SECTION("nobody else does") {
    CHECK(record_while(""));
  }
  SECTION("something else") {
    CHECK(record_while("CREATE TABLE theirs ()"));
  }
  SECTION("a definition") {
    CHECK_FALSE(record_while("CREATE OR REPLACE VIEW v3 AS SELECT 30 AS n"));
  }
  SECTION("a removal") {
    CHECK_FALSE(record_while("DROP VIEW v3"));
  }
}

TEST_CASE("a state that is not of this place and time proves nothing", "[objects_state]") {
  Many project;
  project.apply();
  REQUIRE(project.is_proven());
  SECTION("restored from a dump") {
    project.exec(
        "CREATE TEMPORARY TABLE dumped AS TABLE pgpm_migrate.catalog_state;"
        "TRUNCATE pgpm_migrate.catalog_state;"
        "INSERT INTO pgpm_migrate.catalog_state TABLE dumped");
    CHECK_FALSE(project.is_proven());
  }
  SECTION("older than transactions are told apart") {
    project.exec(
        "UPDATE pgpm_migrate.catalog_state SET since = since - 1073741825,"
        " written_in = txid_current() % 4294967296");
    CHECK_FALSE(project.is_proven());
  }
  SECTION("from a later time") {
    project.exec(
        "UPDATE pgpm_migrate.catalog_state SET since = since + 1000000,"
        " written_in = txid_current() % 4294967296");
    CHECK_FALSE(project.is_proven());
  }
  SECTION("seen from another search_path") {
    project.exec("CREATE SCHEMA first");
    Target target = project.database.target();
    target.settings.emplace_back("search_path", "first, public");
    project.apply_one();
    CHECK(project.is_proven());
    CHECK(proven_in(target).empty());
  }
}

TEST_CASE("what no definition shows does not matter", "[objects_state]") {
  Many project;
  project.write("migrations/1.sql",
                "CREATE TABLE t (id int PRIMARY KEY); CREATE MATERIALIZED VIEW m AS TABLE t;");
  project.apply();
  project.exec("TRUNCATE t");
  project.exec("REFRESH MATERIALIZED VIEW m");
  project.exec("GRANT SELECT ON v1 TO PUBLIC");
  project.exec("COMMENT ON VIEW v1 IS 'one'");
  project.exec("ANALYZE t");
  CHECK(project.is_proven());
}

TEST_CASE("temporary tables of others do not matter", "[objects_state]") {
  Many project;
  project.apply();
  db::Connection other = project.database.connect();
  other.exec(
      "CREATE TEMPORARY TABLE pieces (id serial PRIMARY KEY, name text DEFAULT 'x' CHECK (name <> "
      "''));"
      "CREATE TEMPORARY VIEW shown AS SELECT * FROM pieces");
  CHECK(project.is_proven());
  other.exec("DROP TABLE pieces CASCADE");
  CHECK(project.is_proven());
}

TEST_CASE("kept drift leaves no state", "[objects_state]") {
  Many project;
  project.apply();
  project.exec("CREATE OR REPLACE VIEW v3 AS SELECT 30 AS n");
  project.options.on_drift = OnDrift::keep;
  project.apply_one();
  CHECK_FALSE(project.is_proven());
  project.options.on_drift = OnDrift::overwrite;
  CHECK_THAT(project.plan_both_ways(), Catch::StartsWith("drifted view v3"));
  project.apply();
  CHECK(project.is_proven());
}

TEST_CASE("after migrations and changes of shape the state is that of all objects",
          "[objects_state]") {
  Many project;
  project.write("migrations/1.sql", "CREATE TABLE t (id int, name text);");
  project.write("sql/a.sql", "CREATE VIEW a AS SELECT * FROM t;");
  project.write("sql/b.sql",
                "CREATE VIEW b AS SELECT a.*, t.id AS other FROM a JOIN t USING (id);");
  project.apply();
  SECTION("a column is renamed") {
    project.write("migrations/2.sql", "ALTER TABLE t RENAME COLUMN name TO title;");
  }
  SECTION("a column is changed") {
    project.write("migrations/2.sql", "ALTER TABLE t ALTER COLUMN id TYPE bigint;");
  }
  SECTION("a view has more columns") {
    project.write("sql/a.sql", "CREATE VIEW a AS SELECT *, 1 AS more FROM t;");
  }
  SECTION("a view has fewer columns") {
    project.write("sql/a.sql", "CREATE VIEW a AS SELECT id FROM t;");
  }
  SECTION("objects go") {
    project.files.remove("sql/b.sql");
  }
  project.apply();
  CHECK(project.is_proven());
  CHECK(project.plan_both_ways() == " | ");
}

TEST_CASE("where triggers watch statements everything is looked at before a state is recorded",
          "[objects_state]") {
  Many project;
  project.apply();
  project.exec(
      "CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
      " IF tg_tag = 'CREATE FUNCTION' THEN CREATE OR REPLACE VIEW v3 AS SELECT 30 AS n; END IF; "
      "END $$;"
      "CREATE EVENT TRIGGER meddle ON ddl_command_end EXECUTE FUNCTION meddle()");
  project.apply_one();
  CHECK_FALSE(project.is_proven());
  CHECK_THAT(project.plan_both_ways(), Catch::StartsWith("drifted view v3"));
}

TEST_CASE("who may not read or write the state does without", "[objects_state]") {
  TestRole role(fmt::format("stateless_{}", getpid()));
  Many project;
  project.apply();
  project.exec("GRANT USAGE ON SCHEMA pgpm_migrate TO " + role.name() +
               "; GRANT SELECT ON ALL TABLES IN SCHEMA pgpm_migrate TO " + role.name());
  Target target = project.database.target();
  target.user = role.name();
  const auto plan = [&] { return plan_objects(target, project.options, {}); };
  CHECK(plan().nothing_to_do());
  project.exec("REVOKE SELECT ON pgpm_migrate.catalog_state FROM " + role.name());
  CHECK(plan().nothing_to_do());
  project.exec("GRANT SELECT ON pgpm_migrate.catalog_state TO " + role.name() +
               "; REVOKE SELECT ON pg_catalog.pg_ts_dict FROM PUBLIC");
  CHECK(plan().nothing_to_do());
  project.exec("DROP TABLE pgpm_migrate.catalog_state");
  CHECK(plan().nothing_to_do());
  project.apply_one();
  CHECK(project.is_proven());
}

TEST_CASE("who may not read what objects need parses all of them", "[objects_state]") {
  TestRole role(fmt::format("needless_{}", getpid()));
  Many project;
  project.apply();
  project.exec("GRANT USAGE ON SCHEMA pgpm_migrate TO " + role.name() +
               "; GRANT SELECT ON ALL TABLES IN SCHEMA pgpm_migrate TO " + role.name() +
               "; GRANT CREATE ON SCHEMA public TO " + role.name() +
               "; ALTER FUNCTION last() OWNER TO " + role.name());
  project.apply_one();
  REQUIRE(project.is_proven());
  project.exec("REVOKE SELECT ON pgpm_migrate.object_dependencies FROM " + role.name());
  project.write("sql/last.sql",
                "CREATE FUNCTION last() RETURNS int LANGUAGE sql AS 'SELECT 1000';");
  Target target = project.database.target();
  target.user = role.name();
  CHECK(changes_of(plan_objects(target, project.options, {})) ==
        "modified function last [transient]");
}

TEST_CASE("a state says whose objects are as recorded", "[objects_state]") {
  Workshop shop;
  shop.add_module("m", {{"nothing", "SELECT 1;", "SELECT 1;", "SELECT 1;"}});
  shop.write("packages/m/objects/views.sql", many_views("m"));
  shop.deploy();
  CHECK(proven_in(shop.target()) == objects::Owners{"m"});

  TempWorkspace files;
  files.write("sql/f.sql", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';");
  ObjectOptions options;
  options.files.code_dir = files.path("sql").string();
  apply_objects(shop.target(), options, {});
  CHECK(proven_in(shop.target()) == objects::Owners{"", "m"});
  CHECK(plan_objects(shop.target(), options, {}).nothing_to_do());

  // One is not as it was: the other's run does not say it is.
  shop.query("CREATE OR REPLACE VIEW m3 AS SELECT 30 AS n");
  CHECK(proven_in(shop.target()).empty());
  files.write("sql/f.sql", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';");
  apply_objects(shop.target(), options, {});
  CHECK(proven_in(shop.target()) == objects::Owners{""});
  shop.deploy();
  CHECK(shop.query("SELECT n FROM m3") == "3");
  CHECK(proven_in(shop.target()) == objects::Owners{"", "m"});
  RevertOptions revert;
  revert.reach = RevertReach::all;
  shop.revert(revert);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.managed_objects") == "1");
}
