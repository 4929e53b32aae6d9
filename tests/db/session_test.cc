// pgpm session deploy on a real server: units, transactions, failures, locks and limits.
#include "pgpm/session.h"

#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("deploy.sql runs the project's files, and again") {
  SessionCase project(
      {{"deploy.sql",
        "BEGIN;\nDO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM pgmi_plan_view "
        "ORDER BY execution_order LOOP EXECUTE f.content; END LOOP; END $$;\n"
        "COMMIT;\n"},
       {"001.sql", "CREATE TABLE IF NOT EXISTS t (a int);"},
       {"002.sql", "INSERT INTO t VALUES (1);"}});
  const SessionReport report = project.deploy();
  CHECK(report.files == 2);
  CHECK(report.units == 1);
  project.deploy();
  CHECK(project.database.query_text("SELECT count(*) FROM t") == "2");
  CHECK(project.observer.names() == std::vector<std::string>{"run_started", "session_loaded",
                                                             "notice_raised", "unit_finished",
                                                             "run_finished"});
}

TEST_CASE("what refuses transactions runs behind the first COMMIT, and sees the views") {
  SessionCase project({{"deploy.sql", ""}, {"a.sql", ""}});
  project.deploy(
      "BEGIN; CREATE TABLE t (a int); COMMIT;\nCREATE INDEX CONCURRENTLY i ON t (a);\n"
      "BEGIN;\nINSERT INTO t SELECT count(*) FROM pgmi_source_view;\nCOMMIT;\nVACUUM t;\n"
      "CREATE INDEX CONCURRENTLY j ON t (a);");
  CHECK(project.database.query_text("SELECT a FROM t") == "1");
  CHECK(project.database.query_text("SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid = "
                                    "'t'::regclass") == "2");
}

TEST_CASE("a failing transaction in the tail is rolled back, what is before it stays") {
  SessionCase project({{"deploy.sql", ""}});
  const auto error = project.failure(
      "BEGIN; CREATE TABLE t (a int);\nCOMMIT;\nBEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO t\n"
      "  VALUES (1/0);\nCOMMIT;\nCREATE TABLE never ();");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->where()->line == 5);
  CHECK(error->server()->sqlstate == "22012");
  CHECK(error->database_state() ==
        "of deploy.sql's 6 units 3 went through before, and what they committed stays");
  CHECK(project.database.query_text("SELECT count(*) FROM t") == "0");
  CHECK(project.database.query_text("SELECT to_regclass('never')") == "");
}

TEST_CASE("an error has its place, in characters") {
  SessionCase project({{"deploy.sql", ""}});
  auto error = project.failure("\xEF\xBB\xBF-- \xC3\xA9\xC3\xA9\nSELECT '\xC3\xA9', nope;");
  REQUIRE(error);
  CHECK(error->where()->line == 2);
  CHECK(error->where()->column == 13);
  CHECK(error->source_line() == "SELECT '\xC3\xA9', nope;");
  CHECK(error->database_state() == "nothing was changed");
  error = project.failure("BEGIN;\nCOMMIT;\nSELECT 1;\nSELECT '\xC3\xA9',\n  nope;");
  CHECK(error->where()->line == 5);
  CHECK(error->where()->column == 3);
  error = project.failure(
      "SELECT 1;\n\n  DO $$ BEGIN RAISE EXCEPTION 'x' USING DETAIL = 'd', HINT = "
      "'h', ERRCODE = '23505'; END $$;");
  CHECK(error->where()->line == 3);
  CHECK(error->where()->column == 3);
  CHECK(error->server()->detail == "d");
  CHECK(error->server()->hint == "h");
  CHECK(error->server()->sqlstate == "23505");
}

TEST_CASE("an error in a file that deploy.sql runs is in that file") {
  SessionCase project({{"deploy.sql", ""}, {"b/bad.sql", "SELECT 1;\nSELECT nope;\n"}});
  const std::string loop =
      "DO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM pgmi_plan_view LOOP EXECUTE f.content; "
      "END LOOP; END $$;";
  auto error = project.failure("SELECT 1;\n" + loop);
  REQUIRE(error);
  CHECK(error->where()->to_string().ends_with("b/bad.sql:2:8"));
  CHECK(error->source_line() == "SELECT nope;");
  CHECK(error->context().front().find("deploy.sql:2:1") != std::string::npos);
  project.tree.write("b/bad.sql", "SELECT 1/0;");
  error = project.failure(
      "DO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM pgmi_plan_view LOOP BEGIN EXECUTE "
      "f.content; EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION 'Failed in %: %', f.path, SQLERRM "
      "USING ERRCODE = SQLSTATE; END; END LOOP; END $$;");
  CHECK(error->where()->to_string().ends_with("b/bad.sql"));
  CHECK(error->server()->sqlstate == "22012");
}

TEST_CASE("a transaction left open is rolled back, and that is a failure unless it is allowed") {
  SessionCase project({{"deploy.sql", ""}});
  const auto error = project.failure("BEGIN; CREATE TABLE t (a int);");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->what() == std::string("deploy.sql left a transaction open: it was rolled back"));
  project.options.allow_open_transaction = true;
  const bool has_chain = project.database.connection().server_version() >= 120000;
  project.deploy(has_chain ? "BEGIN; COMMIT AND CHAIN; CREATE TABLE t (a int);"
                           : "BEGIN; COMMIT; BEGIN; CREATE TABLE t (a int);");
  CHECK(project.observer.all<WarningRaised>().size() == 1);
  CHECK(project.database.query_text("SELECT to_regclass('t')") == "");
}

TEST_CASE("statements in front of BEGIN share its transaction; a bare COMMIT ends it") {
  SessionCase project({{"deploy.sql", ""}});
  CHECK(project.failure("CREATE TABLE a (); BEGIN; CREATE TABLE b (); SELECT 1/0; COMMIT;"));
  CHECK(project.database.query_text("SELECT to_regclass('a')") == "");
  CHECK(project.failure("CREATE TABLE a (); SELECT 1/0;"));
  CHECK(project.database.query_text("SELECT to_regclass('a')") == "");
  project.deploy("CREATE TABLE a (); COMMIT;");
  CHECK(project.database.query_text("SELECT to_regclass('a')") == "a");
  project.deploy("BEGIN; CREATE TABLE c (); END; VACUUM;");
  CHECK(project.database.query_text("SELECT to_regclass('c')") == "c");
}

TEST_CASE("another deploy on the database is not waited for") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  project.database.exec(
      "SELECT pg_advisory_lock(hashtextextended('pgmi.deploy.' || current_database(), 0))");
  auto error = project.failure("CREATE TABLE t ();");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::lock_held);
  project.database.exec("SELECT pg_advisory_unlock_all()");
  CHECK(project.failure("SELECT 1/0;"));
  CHECK(project.failure("BEGIN; SELECT 1/0;"));
  CHECK_NOTHROW(project.deploy("SELECT 1;"));
  CHECK(project.database.query_text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") ==
        "0");
}

TEST_CASE("the time limit ends the run, a statement's own limit is an error of the server") {
  SessionCase project({{"deploy.sql", ""}});
  project.options.timeout = std::chrono::milliseconds(1500);
  auto error = project.failure("CREATE TABLE t (); SELECT pg_sleep(60);");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::timed_out);
  CHECK(project.database.query_text("SELECT to_regclass('t')") == "");
  project.options.timeout = std::chrono::milliseconds(0);
  error = project.failure("SET statement_timeout = '50ms'; SELECT pg_sleep(60);");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->sqlstate == "57014");
}

TEST_CASE("a statement that raises what a lost connection raises fails like any other") {
  SessionCase project({{"deploy.sql", ""}});
  const auto error = project.failure(
      "CREATE TABLE t ();\nDO $$ BEGIN RAISE EXCEPTION 'from afar' USING ERRCODE = "
      "'connection_failure'; END $$;");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(std::string(error->what()) == "from afar");
  REQUIRE(error->where());
  CHECK(error->where()->line == 2);
  CHECK(project.database.query_text("SELECT to_regclass('t')") == "");
}

TEST_CASE("a stop request cancels the statement") {
  SessionCase project({{"deploy.sql", ""}});
  std::thread stopper([&] {
    while (project.database.query_text("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                       "current_database() AND query LIKE '%pg_sleep(61)' AND "
                                       "pid <> pg_backend_pid()") == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    project.stop.request_stop();
  });
  const auto error = project.failure("CREATE TABLE t (); SELECT pg_sleep(61)");
  stopper.join();
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::interrupted);
  CHECK(project.observer.all<RunFinished>().at(0).outcome == Outcome::interrupted);
  CHECK(project.database.query_text("SELECT to_regclass('t')") == "");
}

TEST_CASE("mistakes in the project are found without a server") {
  SessionCase project({{"deploy.sql", "CALL pgmi_test(NULL, 'a b');"}});
  Target nowhere;
  nowhere.host = "/nowhere";
  const auto code = [&] {
    try {
      deploy_session(load_session_project(project.tree.root()), nowhere, project.options,
                     project.observer, {});
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  CHECK(code() == ErrorCode::configuration);
  project.tree.write("deploy.sql", "SELECT 1;");
  CHECK(code() == ErrorCode::connection);
  project.options.parameters = {{"a-b", ""}};
  CHECK(code() == ErrorCode::configuration);
  project.options.parameters.clear();
  project.options.compat = "2";
  CHECK(code() == ErrorCode::configuration);
}

TEST_CASE("a missing database is made, unless it must exist") {
  SessionCase project({{"deploy.sql", "CREATE TABLE t ();"}});
  const Target missing = project.database.target().with_database(project.database.name() + "_new");
  const SessionProject loaded = load_session_project(project.tree.root());
  project.options.database = SessionOptions::Database::must_exist;
  CHECK_THROWS_AS(deploy_session(loaded, missing, project.options, project.observer, {}), Error);
  project.options.database = SessionOptions::Database::create_if_missing;
  CHECK(deploy_session(loaded, missing, project.options, project.observer, {}).database_created);
  CHECK_THROWS_AS(deploy_session(loaded, missing, project.options, project.observer, {}), Error);
  project.database.exec("DROP DATABASE \"" + missing.database + "\"");
}

TEST_CASE("COPY needs its data elsewhere") {
  SessionCase project({{"deploy.sql", ""}});
  CHECK(project.failure("CREATE TABLE t (a int); COPY t FROM STDIN;"));
  CHECK_NOTHROW(
      project.deploy("COPY (SELECT generate_series(1, 100000)) TO STDOUT; SELECT "
                     "generate_series(1, 100000);"));
}

TEST_CASE("a parameter that sounds secret is in no message, event or activity") {
  SessionCase project({{"deploy.sql", ""}});
  const std::string secret = "hunter2-hunter2";
  project.options.parameters = {{"db_password", secret}};
  const auto error = project.failure(
      "DO $$ BEGIN RAISE NOTICE 'it is %', current_setting('pgmi.db_password'); RAISE WARNING '%', "
      "(SELECT string_agg(query, ' ') FROM pg_stat_activity); EXECUTE format('SELECT nope, %L', "
      "current_setting('pgmi.db_password')); END $$;");
  REQUIRE(error);
  std::string all = error->what() + error->server()->context + error->server()->internal_query;
  all += project.notices();
  CHECK(all.find(secret) == std::string::npos);
  CHECK(all.find("it is ***") != std::string::npos);
}
