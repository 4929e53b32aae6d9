// CALL pgmi_test() in deploy.sql: what runs, in which order, what stays, what fails.
#include <catch2/catch.hpp>

#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const std::string create = "BEGIN; CREATE TABLE IF NOT EXISTS t (a text); ";

std::string inserting(const std::string& value) {
  return "INSERT INTO t VALUES ('" + value + "');";
}
/// A test that wants exactly these rows.
std::string expecting(const std::string& rows) {
  return "DO $$ BEGIN ASSERT (SELECT coalesce(string_agg(a, ' ' ORDER BY a), '') FROM t) = '" +
         rows + "', (SELECT string_agg(a, ' ' ORDER BY a) FROM t); END $$;\n";
}

const std::string observer =
    "CREATE TABLE IF NOT EXISTS seen (n serial, event text, path text, depth int, ordinal int); "
    "CREATE FUNCTION pg_temp.watch(e pg_temp.pgmi_test_event) RETURNS void LANGUAGE plpgsql AS $f$ "
    "BEGIN INSERT INTO seen (event, path, depth, ordinal) VALUES (e.event, coalesce(e.path, "
    "e.directory), e.depth, e.ordinal); RAISE NOTICE '% %', e.event, coalesce(e.path, "
    "e.directory); END $f$; ";

}  // namespace

TEST_CASE("each test sees its fixtures, nothing of other tests, and nothing stays") {
  SessionCase project({{"deploy.sql", ""},
                       {"__test__/_setup.sql", inserting("root")},
                       {"__test__/test_a.sql", expecting("root") + inserting("a")},
                       {"__test__/test_b.sql", expecting("root") + inserting("b")},
                       {"__test__/in/_setup.psql", expecting("root") + inserting("in")},
                       {"__test__/in/test_a.sql", expecting("in root") + inserting("x")},
                       {"__test__/in/deep/test_a.sql", expecting("in root") + inserting("y")},
                       {"z/__tests__/test_z.sql", expecting("")}});
  const SessionReport report = project.deploy(create + "CALL pgmi_test(); COMMIT;");
  CHECK(report.checks == 7);
  CHECK(report.test_macros == 1);
  CHECK(project.verdicts() ==
        "__test__/_setup.sql passed\n__test__/test_a.sql passed\n__test__/test_b.sql passed\n"
        "__test__/in/_setup.psql passed\n__test__/in/test_a.sql passed\n"
        "__test__/in/deep/test_a.sql passed\nz/__tests__/test_z.sql passed\n");
  CHECK(project.database.query_text("SELECT count(*) FROM t") == "0");
  CHECK(project.notices() ==
        "[pgmi] Test suite started\n[pgmi] Fixture: ./__test__/_setup.sql\n"
        "[pgmi] Test: ./__test__/test_a.sql\n[pgmi] Test: ./__test__/test_b.sql\n"
        "[pgmi] Fixture: ./__test__/in/_setup.psql\n[pgmi] Test: ./__test__/in/test_a.sql\n"
        "[pgmi] Test: ./__test__/in/deep/test_a.sql\n[pgmi] Test: ./z/__tests__/test_z.sql\n"
        "[pgmi] Test suite completed (11 steps)\n");
}

TEST_CASE("a failing test keeps the COMMIT from being reached") {
  SessionCase project({{"deploy.sql", ""},
                       {"__test__/test_a.sql", "SELECT 1;"},
                       {"__test__/test_b.sql",
                        "DO $$ BEGIN RAISE EXCEPTION 'bad' USING DETAIL = 'd', HINT = 'h', ERRCODE "
                        "= '23505'; END $$;"},
                       {"__test__/test_c.sql", "SELECT 1;"}});
  const auto error = project.failure(create + "CALL pgmi_test(); COMMIT;");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->message == "Failed in ./__test__/test_b.sql: bad");
  CHECK(error->server()->sqlstate == "23505");
  CHECK(error->server()->detail == "d");
  CHECK(error->where()->to_string().ends_with("__test__/test_b.sql"));
  CHECK(error->context().front().find("deploy.sql:1:47") != std::string::npos);
  CHECK(project.verdicts() == "__test__/test_a.sql passed\n__test__/test_b.sql failed\n");
  CHECK(project.database.query_text("SELECT to_regclass('t')") == "");
  CHECK_NOTHROW(project.deploy(create + "CALL pgmi_test('test_[ac]'); COMMIT;"));
  CHECK(project.verdicts() == "__test__/test_a.sql passed\n__test__/test_c.sql passed\n");
}

TEST_CASE("a failing fixture and a failing ASSERT name their files") {
  SessionCase project({{"deploy.sql", ""},
                       {"__test__/_setup.sql", "SELECT nope;"},
                       {"__test__/test_a.sql", "DO $$ BEGIN ASSERT false, 'no'; END $$;"}});
  CHECK(project.failure(create + "CALL pgmi_test(); COMMIT;")
            ->server()
            ->message.starts_with("Failed in ./__test__/_setup.sql: "));
  project.tree.write("__test__/_setup.sql", "SELECT 1;");
  CHECK(project.failure(create + "CALL pgmi_test(); COMMIT;")->server()->message ==
        "Failed in ./__test__/test_a.sql: no");
}

TEST_CASE("a macro without tests fails: a gate that tests nothing is not green") {
  SessionCase project({{"deploy.sql", ""}});
  auto error = project.failure(create + "CALL pgmi_test(); COMMIT;");
  REQUIRE(error);
  CHECK(error->server()->message == "pgmi: no tests were discovered");
  CHECK(error->server()->sqlstate == "P0002");
  project.tree.write("__test__/_setup.sql", "SELECT 1;");
  CHECK(project.failure("CALL pgmi_test();"));
  project.tree.write("__test__/test_a.sql", "SELECT 1;");
  error = project.failure(create + "CALL pgmi_test('nothing'); COMMIT;");
  CHECK(error->server()->message == "pgmi: no tests matched the requested pattern");
  error = project.failure("SELECT 1;\nCALL pgmi_test('(');");
  CHECK(error->server()->message == "Invalid regex pattern: (");
  CHECK(error->where()->line == 2);
}

TEST_CASE("an observer is called for every event, in order") {
  SessionCase project({{"deploy.sql", ""},
                       {"__test__/_setup.sql", "SELECT 1;"},
                       {"__test__/test_a.sql", "SELECT 1;"},
                       {"__test__/in/test_b.sql", "SELECT 1;"}});
  for (const char* name : {"pg_temp.watch", "watch"}) {
    INFO(name);
    project.deploy("BEGIN; DROP TABLE IF EXISTS seen; " + observer + "CALL pgmi_test(NULL, '" +
                   name + "'); COMMIT;");
    CHECK(project.notices().ends_with(
        "suite_start \nfixture_start ./__test__/_setup.sql\nfixture_end ./__test__/_setup.sql\n"
        "test_start ./__test__/test_a.sql\ntest_end ./__test__/test_a.sql\n"
        "rollback ./__test__/test_a.sql\ntest_start ./__test__/in/test_b.sql\n"
        "test_end ./__test__/in/test_b.sql\nrollback ./__test__/in/test_b.sql\n"
        "teardown_start ./__test__/in/\nteardown_end ./__test__/in/\n"
        "teardown_start ./__test__/\nteardown_end ./__test__/\nsuite_end \n"));
    CHECK(project.database.query_text("SELECT event, path, depth, ordinal FROM seen ORDER BY n") ==
          "suite_start||0|0\nteardown_end|./__test__/|0|5\nsuite_end||0|5");
  }
}

TEST_CASE("the expansion is statement by statement what pgmi makes of it") {
  SessionCase project(
      {{"deploy.sql", ""}, {"__test__/_setup.sql", ""}, {"__test__/test_it's.sql", ""}});
  CHECK(project.seen("SELECT pg_temp.pgmi_test_generate(NULL, 'a.b') AS x") ==
        "SELECT a.b(ROW('suite_start', NULL, '', 0, 0, NULL)::pg_temp.pgmi_test_event);\n"
        "SAVEPOINT __pgmi_d1__;\n"
        "SELECT a.b(ROW('fixture_start', './__test__/_setup.sql', './__test__/', 0, 1, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "SELECT pg_temp.pgmi_run_test_source('./__test__/_setup.sql');\n"
        "SELECT a.b(ROW('fixture_end', './__test__/_setup.sql', './__test__/', 0, 1, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "SAVEPOINT __pgmi_t2__;\n"
        "SELECT a.b(ROW('test_start', './__test__/test_it''s.sql', './__test__/', 0, 2, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "SELECT pg_temp.pgmi_run_test_source('./__test__/test_it''s.sql');\n"
        "SELECT a.b(ROW('test_end', './__test__/test_it''s.sql', './__test__/', 0, 2, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "SELECT a.b(ROW('rollback', './__test__/test_it''s.sql', './__test__/', 0, 2, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "ROLLBACK TO SAVEPOINT __pgmi_t2__;\n"
        "SELECT a.b(ROW('teardown_start', NULL, './__test__/', 0, 3, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "ROLLBACK TO SAVEPOINT __pgmi_d1__;\n"
        "RELEASE SAVEPOINT __pgmi_d1__;\n"
        "SELECT a.b(ROW('teardown_end', NULL, './__test__/', 0, 3, "
        "NULL)::pg_temp.pgmi_test_event);\n"
        "SELECT a.b(ROW('suite_end', NULL, '', 0, 3, NULL)::pg_temp.pgmi_test_event);\n");
  CHECK(project.failure("SELECT pg_temp.pgmi_test_generate(NULL, 'a;b');")->server()->sqlstate ==
        "22023");
}

TEST_CASE("a macro brings the transaction that its savepoints need") {
  SessionCase project({{"deploy.sql", ""}, {"__test__/test_a.sql", inserting("x")}});
  project.database.exec("CREATE TABLE t (a text)");
  project.deploy(inserting("1") + "\nCALL pgmi_test();\nCOMMIT;");
  project.deploy(inserting("2") + "\nCALL pgmi_test();");
  CHECK(project.failure(inserting("3") + "\nCALL pgmi_test(); SELECT 1/0;"));
  CHECK(project.failure("SELECT 1; COMMIT; CALL pgmi_test();")->server()->sqlstate == "25P01");
  project.deploy("SELECT 1; COMMIT; BEGIN; " + inserting("4") + " CALL pgmi_test(); COMMIT;");
  project.deploy("BEGIN; SAVEPOINT s; CALL pgmi_test(); ROLLBACK TO SAVEPOINT s; " +
                 inserting("5") + " COMMIT;");
  CHECK(project.database.query_text("SELECT string_agg(a, '' ORDER BY a) FROM t") == "1245");
}

TEST_CASE("macros in other places are real calls, which fail") {
  SessionCase project(
      {{"deploy.sql", ""}, {"__test__/test_a.sql", ""}, {"a.sql", "CALL pgmi_test();"}});
  CHECK(project.failure("DO $$ BEGIN CALL pgmi_test(); END $$;")->server()->sqlstate == "42883");
  CHECK(project.failure("DO $$ BEGIN EXECUTE (SELECT content FROM pgmi_source_view); END $$;")
            ->server()
            ->sqlstate == "42883");
  CHECK(project.failure("CALL pgmi_test('it''s');")->server()->sqlstate == "42883");
}
