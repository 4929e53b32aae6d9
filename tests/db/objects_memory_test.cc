// What is remembered of declarations, and what a migration may not undo of one transaction.
#include <catch2/catch.hpp>

#include <thread>

#include "engine/db/advisory_lock.h"
#include "tests/db/objects_case.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const char* const remembered =
    "SELECT dependent, required, strength FROM pgpm_migrate.object_dependencies ORDER BY 1, 2";

}  // namespace

TEST_CASE("who needs whom is remembered, qualified, early or late, and forgotten with the object") {
  ObjectsCase project(
      {{"migrations/1.sql", "CREATE SCHEMA app; CREATE TABLE app.t (id int);"},
       {"sql/f.sql",
        "CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM one FROM "
        "v; RETURN NEW; END $$;"},
       {"sql/t.sql",
        "CREATE TRIGGER noted AFTER INSERT ON app.t EXECUTE FUNCTION app.note(); "
        "COMMENT ON TRIGGER noted ON app.t IS 'notes';"},
       {"sql/v.sql", "CREATE VIEW v AS SELECT 1 AS one;"}});
  project.apply();
  CHECK(project.query(remembered) ==
        "app.note()|public.v|late\n"
        "noted on app.t|app.note()|early\n"
        "trigger noted on app.t|noted on app.t|early");
  // Another session knows it too: it is in the database.
  project.files.remove("sql/v.sql");
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::refused);
  project.files.remove("sql/t.sql");
  project.files.remove("sql/f.sql");
  CHECK(steps_of(project.apply()) ==
        "remove comment trigger noted on app.t, remove trigger noted on app.t, remove function "
        "app.note(), remove view public.v");
  CHECK(project.query(remembered).empty());
}

TEST_CASE("an enum, a domain over it, a function of both and a view are made in order") {
  ObjectsCase project({{"sql/1_view.sql", "CREATE VIEW v AS SELECT shift('low') AS s;"},
                       {"sql/2_function.sql",
                        "CREATE FUNCTION shift(l high) RETURNS high LANGUAGE sql AS 'SELECT l';"},
                       {"sql/3_domain.sql", "CREATE DOMAIN high AS level CHECK (VALUE > 'none');"},
                       {"sql/4_enum.sql", "CREATE TYPE level AS ENUM ('none', 'low');"}});
  CHECK(steps_of(project.apply()) ==
        "create type level, create domain high, create function shift, create view v");
  project.exec("CREATE TABLE t (h high); INSERT INTO t SELECT s FROM v");
  if (project.server_version() < 120000) return;  // there a label cannot be added in a transaction
  project.write("sql/4_enum.sql", "CREATE TYPE level AS ENUM ('none', 'low', 'top');");
  CHECK(steps_of(project.apply()) == "replace type level");
  CHECK(project.query("SELECT h FROM t") == "low");
}

TEST_CASE("created, changed and removed in one run") {
  ObjectsCase project({{"sql/a.sql", "CREATE VIEW a AS SELECT 1 AS n;"},
                       {"sql/b.sql", "CREATE VIEW b AS SELECT 1 AS n;"}});
  project.apply();
  project.write("sql/a.sql", "CREATE VIEW a AS SELECT 2 AS n;");
  project.write("sql/c.sql", "CREATE VIEW c AS SELECT n FROM a;");
  project.files.remove("sql/b.sql");
  CHECK(changes_of(project.apply()) ==
        "modified view a [transient]; new view c [safe]; removed view public.b [breaking]");
  CHECK(project.plan().nothing_to_do());
}

TEST_CASE("BEGIN and COMMIT around a migration do not end the run's transaction") {
  ObjectsCase project({{"migrations/1.sql", "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT nothing FROM a;"}});
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::sql);
  CHECK(project.query("SELECT to_regclass('a') IS NULL") == "t");
  project.write("sql/v.sql", "CREATE VIEW v AS SELECT id FROM a;");
  project.apply();
  SECTION("one in the middle is refused before anything runs") {
    project.write("migrations/2.sql",
                  "CREATE TABLE b (id int);\nCOMMIT;\nCREATE TABLE c (id int);");
    const Error error = error_of([&] { project.apply(); });
    CHECK(error.code() == ErrorCode::configuration);
    REQUIRE(error.diagnostics().size() == 1);
    CHECK(error.diagnostics()[0].where.line == 2);
    CHECK(project.query("SELECT to_regclass('b') IS NULL") == "t");
  }
}

TEST_CASE("an empty code directory takes objects back, and never a table") {
  ObjectsCase project({{"migrations/1.sql", "CREATE TABLE t (id int); INSERT INTO t VALUES (1);"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT id FROM t;"}});
  project.apply();
  project.files.remove("sql/v.sql");
  CHECK(steps_of(project.apply()) == "remove view public.v");
  CHECK(project.query("SELECT count(*) FROM t") == "1");
}

TEST_CASE("two runs at once: the second waits and then has nothing to do") {
  ObjectsCase project({{"migrations/1.sql", "SELECT pg_sleep(0.3); CREATE TABLE t (id int);"},
                       {"sql/v.sql", "CREATE VIEW v AS SELECT id FROM t;"}});
  ObjectReport one, other;
  std::thread first([&] { one = apply_objects(project.database.target(), project.options, {}); });
  std::thread second(
      [&] { other = apply_objects(project.database.target(), project.options, {}); });
  first.join();
  second.join();
  CHECK(one.nothing_to_do() != other.nothing_to_do());
  CHECK(project.query("SELECT count(*) FROM pgpm_migrate.object_migrations") == "1");
}

TEST_CASE("a run whose session is ended leaves nothing and lets go of the lock") {
  ObjectsCase project(
      {{"migrations/1.sql",
        "CREATE TABLE t (id int); SELECT pg_terminate_backend(pg_backend_pid());"}});
  CHECK(error_of([&] { project.apply(); }).code() == ErrorCode::connection);
  CHECK(project.query("SELECT to_regclass('t') IS NULL") == "t");
  db::Connection other = project.database.connect();
  db::RunLock::acquire(other, std::chrono::seconds(5), {});
}
