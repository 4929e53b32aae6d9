// The session that is opened and made ready while the project is read: the run that takes it sees
// what it would have seen without, and nobody who does not need it learns of it.
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "pgpm/session.h"
#include "tests/support/login_role.h"
#include "tests/support/named_sessions.h"
#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// Until the early session has made its objects and waits for the project.
void wait_until_ready(TestDatabase& database, const std::string& application) {
  const std::string question =
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND "
      "application_name = '" +
      application + "'";
  while (database.query_text(question) == "0")
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace

TEST_CASE("a session deploy works on the session that was begun early") {
  SessionCase project(
      {{"deploy.sql",
        "CREATE TABLE seen AS SELECT path, current_setting('application_name') AS name, "
        "current_setting('synchronous_commit') AS durable, "
        "current_setting('idle_in_transaction_session_timeout') AS idle FROM pgmi_plan_view;"},
       {"a.sql", "SELECT 1;"},
       {"README.md", "read me"}});
  project.database.exec("ALTER DATABASE \"" + project.database.name() +
                        "\" SET idle_in_transaction_session_timeout = '1h'");
  const Target target = named(project.database, "early_session");
  project.options.all_files_in_plan = true;
  project.options.early = begin_session(target, project.options, {});
  REQUIRE(project.options.early != nullptr);
  wait_until_ready(project.database, "early_session");
  CHECK(project.deploy_to(target).files == 2);
  CHECK(project.database.query_text(
            "SELECT string_agg(path, ' ' ORDER BY path), min(name), min(durable), min(idle) FROM "
            "seen") == "./README.md ./a.sql|early_session|" +
                           project.database.query_text("SHOW synchronous_commit") + "|1h");
  CHECK(project.observer.all<NoticeRaised>().empty());
  // It was good for one run; the next opens its own.
  project.database.exec("DROP TABLE seen");
  CHECK(project.deploy_to(target).files == 2);
  project.options.early.reset();
  CHECK(sessions_left(project.database, "early_session") == "0");
}

TEST_CASE("tests run in a session that was begun early") {
  SessionCase project({{"deploy.sql", ""}, {"__test__/test_a.sql", "SELECT 1;"}});
  SessionTestOptions options;
  const Target target = named(project.database, "early_tests");
  options.early = begin_session(target, options, {});
  REQUIRE(options.early != nullptr);
  CHECK(
      test_session(load_session_project(project.tree.root()), target, options, project.observer, {})
          .checks == 1);
}

TEST_CASE("nothing of an early session that nobody takes is left or committed") {
  SessionCase project({{"deploy.sql", ""}});
  project.database.exec(
      "CREATE TABLE commands (tag text); CREATE FUNCTION note() RETURNS event_trigger LANGUAGE "
      "plpgsql AS $f$ BEGIN INSERT INTO public.commands VALUES (tg_tag); END $f$; CREATE EVENT "
      "TRIGGER note ON ddl_command_end EXECUTE FUNCTION note()");
  {
    const auto early = begin_session(named(project.database, "unwanted_session"), {}, {});
    wait_until_ready(project.database, "unwanted_session");
  }
  CHECK(sessions_left(project.database, "unwanted_session") == "0");
  CHECK(project.database.query_text("SELECT count(*) FROM commands") == "0");
}

TEST_CASE("what keeps an early session from being ready is told to who takes it") {
  const LoginRole role;
  SessionCase project({{"deploy.sql", ""}});
  const auto told = [&](const Target& target, bool early) {
    project.options.early = early ? begin_session(target, project.options, {}) : nullptr;
    const std::optional<Error> error = project.failure_at(target);
    REQUIRE(error);
    return *error;
  };
  Target target = project.database.target();
  SECTION("there is no such database") {
    project.options.database = SessionOptions::Database::must_exist;
    target.database = "not_there";
  }
  SECTION("its sessions are read-only") {
    target.settings.emplace_back("default_transaction_read_only", "on");
  }
  SECTION("temporary objects are not allowed") {
    const std::string name = project.database.name();
    project.database.exec("REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
    target.user = role.name();
  }
  const Error late = told(target, false);
  const Error early = told(target, true);
  CHECK(early.code() == late.code());
  CHECK(std::string(early.what()) == late.what());
  CHECK(early.hint() == late.hint());
}

TEST_CASE("a database that is missing is made although the early session did not find it") {
  SessionCase project({{"deploy.sql", "CREATE TABLE t ();"}});
  const Target missing = project.database.target().with_database(project.database.name() + "_new");
  project.options.early = begin_session(missing, project.options, {});
  CHECK(project.deploy_to(missing).database_created);
  project.options.early.reset();
  project.database.exec("DROP DATABASE \"" + missing.database + "\"");
}

TEST_CASE("a stop before and after an early session was taken") {
  SessionCase project({{"deploy.sql", "SELECT pg_sleep(1000);"}});
  const bool before = GENERATE(true, false);
  std::stop_source caller;
  project.options.early =
      begin_session(project.database.target(), project.options, caller.get_token());
  if (before) caller.request_stop();
  std::jthread later([&](const std::stop_token& done) {
    const std::string asleep =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '" +
        project.database.name() + "'";
    while (!before && !done.stop_requested() && project.database.query_text(asleep) == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    project.stop.request_stop();
  });
  const std::optional<Error> error = project.failure_at(project.database.target());
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::interrupted);
}

TEST_CASE("no session is begun early where that would be a nuisance") {
  Target target;
  target.host = "db.example.com";
  CHECK(begin_session(target, {}, {}) == nullptr);
  target.host = "/nowhere";
  SessionOptions options;
  options.database = SessionOptions::Database::overwrite;
  CHECK(begin_session(target, options, {}) == nullptr);
  options.database = SessionOptions::Database::must_exist;
  options.fresh_login = [](const Target& one) { return one; };
  CHECK(begin_session(target, options, {}) == nullptr);
}
