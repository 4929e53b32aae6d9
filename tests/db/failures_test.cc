// Everything that can go wrong in a run: which error it ends with, what the user is told, and that
// database and ledger are exactly as the error says.
#include <catch2/catch.hpp>

#include "pgpm/ledger.h"
#include "tests/support/fixtures.h"
#include "tests/support/login_role.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::string last_run(Workshop& shop) {
  return shop.query(
      "SELECT command, outcome, error_code FROM pgpm_migrate.runs ORDER BY run_id DESC LIMIT 1");
}

/// Nothing is deployed, nothing is left of simple's scripts.
void check_untouched(Workshop& shop) {
  CHECK(shop.deployed().empty());
  CHECK_FALSE(shop.has_schema("shop"));
}

void check_told(const Workshop& shop, Outcome outcome) {
  const auto finished = shop.observer.all<RunFinished>();
  REQUIRE(finished.size() == 1);
  CHECK(finished.front().outcome == outcome);
  CHECK(shop.observer.all<ChangeStarted>().size() == shop.observer.all<ChangeFinished>().size());
}

void set_script(Workshop& shop, const std::string& file, const std::string& text) {
  shop.write("packages/simple/" + file + ".sql", text);
}

}  // namespace

TEST_CASE("failure: a syntax error") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "deploy/table",
             "-- Deploy table\n\nCREATE TABLE shop.tä (id int,,\n  x int);\n");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::sql);
  CHECK(std::string(error.what()) ==
        "deploy script of simple:table failed: syntax error at or near \",\"");
  REQUIRE(error.where());
  CHECK_THAT(error.where()->to_string(), Catch::EndsWith("deploy/table.sql:3:30"));
  CHECK(error.source_line() == "CREATE TABLE shop.tä (id int,,");
  CHECK(error.database_state() == "nothing was changed");
  check_untouched(shop);
  CHECK(shop.events() == "deploy simple:table 42601");
  CHECK(last_run(shop) == "deploy|failed|sql");
  check_told(shop, Outcome::failed);
}

TEST_CASE("failure: a runtime error, with all the server says") {
  Workshop shop;
  add_simple(shop);
  set_script(
      shop, "deploy/index",
      "CREATE FUNCTION shop.boom() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
      "'boom' USING DETAIL = 'a detail', HINT = 'a hint', ERRCODE = 'P0042'; END $$;\n"
      "SELECT\n  shop.boom();\n");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::sql);
  REQUIRE(error.server());
  CHECK(error.server()->sqlstate == "P0042");
  CHECK(error.server()->detail == "a detail");
  CHECK(error.server()->hint == "a hint");
  CHECK_THAT(error.server()->context, Catch::Contains("shop.boom() line 1 at RAISE"));
  REQUIRE(error.where());
  CHECK(error.where()->line == 2);
  CHECK(error.database_state() == "nothing was changed");
  check_untouched(shop);
  CHECK(shop.events() == "deploy simple:index P0042");
}

TEST_CASE("failure: a verify script, located in its file") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "verify/table", "-- Verify table\nSELECT id, name FROM shop.t WHERE false;\n");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::verification_failed);
  CHECK_THAT(std::string(error.what()), Catch::StartsWith("Verification failed for simple:table"));
  REQUIRE(error.where());
  CHECK_THAT(error.where()->to_string(), Catch::EndsWith("verify/table.sql:2:12"));
  CHECK(error.database_state() == "nothing was changed");
  check_untouched(shop);
  CHECK(shop.events() == "verify simple:table VERIFICATION_FAILED");
  CHECK(last_run(shop) == "deploy|failed|verification_failed");
  CHECK(shop.observer.all<VerifyFailed>().size() == 1);
}

TEST_CASE("failure: a verify script that is no SQL fails like one that is") {
  Workshop shop;
  add_simple(shop);
  const std::string change = GENERATE("schema", "table", "index");
  set_script(shop, "verify/" + change, "SELEC;");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::verification_failed);
  check_untouched(shop);
  CHECK(shop.events() == "verify simple:" + change + " VERIFICATION_FAILED");
}

// What fails to verify right after its change gets another chance when its module is complete: the
// COMMIT before a change that refuses transactions must not be the way around it.
TEST_CASE("failure: a verify script before a change outside transactions") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t (id int);", "DROP TABLE t;", "SELECT 1/0;"},
                        {"i [t]", "CREATE INDEX CONCURRENTLY t_i ON t (id);",
                         "DROP INDEX CONCURRENTLY t_i;", ""}});
  DeployOptions options;
  options.scope = GENERATE(TransactionScope::module, TransactionScope::run,
                           TransactionScope::change, TransactionScope::none);
  const Error error = error_of([&] { shop.deploy(options); });
  CHECK(error.code() == ErrorCode::verification_failed);
  CHECK(shop.deployed().empty());
  CHECK(shop.events() == "verify m:t VERIFICATION_FAILED");
  CHECK_FALSE(shop.has("t_i"));
}

TEST_CASE("failure: the verify script of a change outside transactions") {
  Workshop shop;
  shop.add_module("m", {{"t", "CREATE TABLE t (id int);", "DROP TABLE t;", ""},
                        {"i [t]", "CREATE INDEX CONCURRENTLY t_i ON t (id);",
                         "DROP INDEX CONCURRENTLY t_i;", "SELECT 1/0;"}});
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::verification_failed);
  CHECK(shop.observer.all<VerifyFailed>().size() == 1);
  CHECK_THAT(error.database_state(),
             Catch::Contains("1 change of m is committed and stays") &&
                 Catch::Contains("m:i was begun outside a transaction: 1 of "
                                 "its 1 statement is done"));
  CHECK(shop.deployed() == "m:t");
  CHECK(shop.events() == "deploy m:t ok\nverify m:i VERIFICATION_FAILED");
  CHECK(shop.module_status().interrupted == std::vector<std::string>{"i"});
  shop.write("packages/m/verify/i.sql", "SELECT 't_i'::regclass;");
  CHECK(shop.deploy().done == 1);
  CHECK(shop.module_status().interrupted.empty());
}

TEST_CASE("failure: a deferred constraint at COMMIT") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "deploy/index",
             "CREATE TABLE shop.d (id int PRIMARY KEY, up int REFERENCES shop.d DEFERRABLE "
             "INITIALLY DEFERRED);\nINSERT INTO shop.d VALUES (1, 99);\n");
  set_script(shop, "verify/index", "SELECT FROM shop.d;");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::sql);
  CHECK(error.server()->sqlstate == "23503");
  CHECK_THAT(std::string(error.what()), Catch::StartsWith("COMMIT of module simple failed: "));
  CHECK(error.database_state() == "nothing was changed");
  check_untouched(shop);
  CHECK(last_run(shop) == "deploy|failed|sql");
  check_told(shop, Outcome::failed);
}

TEST_CASE("failure: missing scripts, all of them, before anything") {
  Workshop shop;
  add_simple(shop);
  shop.files.remove("packages/simple/deploy/schema.sql");
  shop.files.remove("packages/simple/deploy/index.sql");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::script_missing);
  CHECK(error.diagnostics().size() == 2);
  CHECK_THAT(error.diagnostics().front().where.to_string(), Catch::EndsWith("pgpm.plan:4"));
  CHECK(error.database_state() == "nothing was changed");
  CHECK_FALSE(shop.has_ledger());
  CHECK(shop.observer.events.empty());
}

TEST_CASE("failure: an edited script, with the way out") {
  Workshop shop;
  add_simple(shop);
  shop.deploy(deploy_of("simple", "table"));
  const std::string deployed_at = shop.query(
      "SELECT to_char(deployed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US"
      "\"Z\"') FROM pgpm_migrate.changes WHERE change_name = 'table'");
  set_script(shop, "deploy/table", "CREATE TABLE shop.t (id bigint);");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::edited_script);
  REQUIRE(error.diagnostics().size() == 1);
  CHECK(error.diagnostics().front().message ==
        "deploy script of simple:table was edited since it was deployed at " + deployed_at);
  CHECK_THAT(error.diagnostics().front().hint, Catch::Contains("pgpm migrate accept"));
  CHECK(error.database_state() == "nothing was changed");
  CHECK(shop.deployed() == "simple:schema simple:table");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "1");
}

TEST_CASE("failure: several causes at once are all told, the first decides") {
  Workshop shop;
  add_simple(shop);
  shop.deploy(deploy_of("simple", "schema"));
  set_script(shop, "deploy/schema", "CREATE SCHEMA other;");
  shop.files.remove("packages/simple/deploy/table.sql");
  set_script(shop, "deploy/index", "\\i other.sql\n");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::edited_script);
  CHECK(error.diagnostics().size() == 3);
}

TEST_CASE("failure: the connection is lost in the middle of a script") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "deploy/table", "CREATE TABLE shop.t (id int); SELECT pg_sleep(3600);");
  const Onlooker onlooker(shop.database, sleeping, terminate);
  DeployOptions options;
  SECTION("nothing of the transaction stays") {
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK(error.code() == ErrorCode::connection);
    CHECK_THAT(std::string(error.what()), Catch::Contains("deploy script of simple:table failed"));
    CHECK_THAT(error.database_state(), Catch::Contains("the connection was lost"));
    check_untouched(shop);
  }
  SECTION("what was committed is known") {
    options.scope = TransactionScope::change;
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK(error.code() == ErrorCode::connection);
    CHECK_THAT(error.database_state(),
               Catch::Contains("1 change of simple is committed and stays"));
    CHECK(shop.deployed() == "simple:schema");
    CHECK_FALSE(shop.has("shop.t"));
  }
  check_told(shop, Outcome::failed);
  CHECK(last_run(shop) == "deploy||");
  set_script(shop, "deploy/table", "CREATE TABLE shop.t (id int);");
  shop.deploy();
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
}

TEST_CASE("failure: a script that raises what a lost connection raises, as dblink does") {
  Workshop shop;
  add_simple(shop);
  const std::string raise =
      "DO $$ BEGIN RAISE EXCEPTION 'could not establish connection' USING ERRCODE = '" +
      std::string(GENERATE("08001", "08006", "57P01")) + "'; END $$;";
  DeployOptions options;
  options.scope = TransactionScope::change;
  SECTION("a deploy script") {
    set_script(shop, "deploy/table", raise);
    CHECK(error_of([&] { shop.deploy(options); }).code() == ErrorCode::sql);
  }
  SECTION("a verify script") {
    set_script(shop, "verify/table", raise);
    CHECK(error_of([&] { shop.deploy(options); }).code() == ErrorCode::verification_failed);
  }
  SECTION("a script outside transactions") {
    set_script(shop, "deploy/table", "-- pgpm: no-transaction\n" + raise);
    CHECK(error_of([&] { shop.deploy(options); }).code() == ErrorCode::sql);
  }
  CHECK_THAT(last_run(shop), Catch::StartsWith("deploy|failed|"));
  CHECK(shop.deployed() == "simple:schema");
}

TEST_CASE("failure: the connection is lost while a script copies data") {
  Workshop shop;
  add_simple(shop);
  set_script(
      shop, "deploy/table",
      "CREATE TABLE shop.t (id int);\n"
      "CREATE FUNCTION shop.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;\n"
      "CREATE TRIGGER stop BEFORE INSERT ON shop.t FOR EACH ROW EXECUTE FUNCTION shop.stop();\n"
      "COPY shop.t FROM STDIN;\n1\n2\n\\.\n");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::connection);
  check_untouched(shop);
}

TEST_CASE("interrupt: a stop in pg_sleep cancels it, rolls back, and is recorded") {
  Workshop shop;
  add_simple(shop);
  std::stop_source stop;
  shop.set_stop(stop.get_token());
  const Onlooker onlooker(shop.database, sleeping,
                          [&](db::Connection&, int) { stop.request_stop(); });
  SECTION("in a deploy script") {
    set_script(shop, "deploy/table", "CREATE TABLE shop.t (id int); SELECT pg_sleep(3600);");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::interrupted);
    CHECK(error.database_state() == "nothing was changed");
    check_untouched(shop);
    CHECK(shop.events() == "deploy simple:table 57014");
    CHECK(last_run(shop) == "deploy|interrupted|interrupted");
    check_told(shop, Outcome::interrupted);
  }
  SECTION("in a verify script of a deploy") {
    set_script(shop, "verify/table", "SELECT pg_sleep(3600);");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::interrupted);
    check_untouched(shop);
    CHECK(shop.observer.all<VerifyFailed>().empty());
  }
  SECTION("in verify") {
    shop.set_stop({});
    shop.deploy();
    set_script(shop, "verify/table", "SELECT pg_sleep(3600);");
    shop.set_stop(stop.get_token());
    VerifyOptions options;
    options.jobs = GENERATE(std::size_t{1}, 2U);
    CHECK(error_of([&] { shop.verify(options); }).code() == ErrorCode::interrupted);
    CHECK(shop.observer.all<VerifyFailed>().empty());
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE event_type = 'verify'") ==
          "0");
  }
  SECTION("in a revert script") {
    shop.set_stop({});
    shop.deploy();
    set_script(shop, "revert/table", "DROP TABLE shop.t; SELECT pg_sleep(3600);");
    shop.set_stop(stop.get_token());
    const Error error = error_of([&] { shop.revert(revert_all()); });
    CHECK(error.code() == ErrorCode::interrupted);
    CHECK(shop.deployed() == "simple:schema simple:table simple:index");
    CHECK(shop.has("shop.t_id"));
    CHECK(last_run(shop) == "revert|interrupted|interrupted");
  }
  SECTION("outside transactions: what is done is kept, and known") {
    DeployOptions options;
    options.scope = TransactionScope::none;
    set_script(shop, "deploy/table", "CREATE TABLE shop.t (id int);\nSELECT pg_sleep(3600);\n");
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK(error.code() == ErrorCode::interrupted);
    CHECK_THAT(error.database_state(), Catch::Contains("1 of its 2 statements is done"));
    CHECK(shop.deployed() == "simple:schema");
    CHECK(shop.has("shop.t"));
    CHECK(shop.query("SELECT statements_done FROM pgpm_migrate.intents") == "1");
  }
}

TEST_CASE("interrupt: a stop that comes first keeps anything from happening") {
  Workshop shop;
  add_simple(shop);
  std::stop_source stop;
  stop.request_stop();
  shop.set_stop(stop.get_token());
  CHECK(error_of([&] { shop.deploy(); }).code() == ErrorCode::interrupted);
  CHECK_FALSE(shop.has_ledger());
}

namespace {

/// A pipe whose reader went away when it had seen enough.
class BrokenPipe final : public Observer {
 public:
  explicit BrokenPipe(const char* last) : last_(last) {}
  void on_event(const Event& event) override {
    if (event_name(event) == std::string(last_)) throw Error(ErrorCode::other, "broken pipe");
  }

 private:
  const char* last_;
};

}  // namespace

TEST_CASE("failure: an observer that can no longer listen stops the run like an interrupt") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "deploy/schema", "CREATE SCHEMA shop; SELECT pg_sleep(0.1);");
  const char* last = GENERATE("run_started", "module_started", "change_started", "change_finished");
  CAPTURE(last);
  BrokenPipe observer(last);
  const Error error = error_of([&] { deploy(shop.load(), shop.target(), {}, observer, {}); });
  CHECK(std::string(error.what()) == "broken pipe");
  CHECK(error.database_state() == "nothing was changed");
  check_untouched(shop);
  CHECK(shop.deploy().done == 3);
}

TEST_CASE("failure: an observer that fails after the COMMIT") {
  Workshop shop;
  add_simple(shop);
  BrokenPipe observer(GENERATE("committed", "run_finished"));
  const Error error = error_of([&] { deploy(shop.load(), shop.target(), {}, observer, {}); });
  CHECK(error.database_state() == "the run was completed");
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
  CHECK(last_run(shop) == "deploy|ok|");
}

TEST_CASE("failure: a server that takes no writes is refused before anything") {
  Workshop shop;
  add_simple(shop);
  shop.query("ALTER DATABASE " + shop.database.name() + " SET default_transaction_read_only TO on");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK_THAT(std::string(error.what()), Catch::Contains("read-only"));
  CHECK_THAT(error.hint(), Catch::Contains("default_transaction_read_only"));
  CHECK(error.database_state() == "nothing was changed");
  CHECK_FALSE(shop.has_ledger());
  CHECK(error_of([&] { shop.revert(revert_all()); }).code() == ErrorCode::refused);
  CHECK(error_of([&] { init_ledger(shop.target(), {}, shop.observer, {}); }).code() ==
        ErrorCode::refused);
}

TEST_CASE("failure: rights that are missing, and which") {
  const LoginRole role;
  Workshop shop;
  add_simple(shop);
  shop.log_in_as(role.name());
  SECTION("to create the ledger") {
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(std::string(error.what()),
               Catch::Contains(role.name()) && Catch::Contains("may not create the ledger"));
    CHECK_THAT(error.hint(), Catch::Contains("GRANT CREATE ON DATABASE"));
    CHECK(error.database_state() == "nothing was changed");
    CHECK_FALSE(shop.has_ledger());
    check_told(shop, Outcome::failed);
    shop.query(error.hint());
    CHECK(shop.deploy().done == 3);
    shop.query("DROP OWNED BY " + role.name());
  }
  SECTION("to write to the ledger") {
    init_ledger(shop.database.target(), {}, shop.observer, {});
    shop.query("GRANT CREATE ON DATABASE " + shop.database.name() + " TO " + role.name() +
               "; GRANT USAGE ON SCHEMA pgpm_migrate TO " + role.name() +
               "; GRANT SELECT ON ALL TABLES IN SCHEMA pgpm_migrate TO " + role.name());
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(std::string(error.what()),
               Catch::Contains(role.name()) && Catch::Contains("may not write to the ledger"));
    CHECK(error.database_state() == "nothing was changed");
    check_untouched(shop);
    check_told(shop, Outcome::failed);
    SECTION("the hint is enough") {
      const std::string grants = error.hint();
      CHECK_THAT(grants, Catch::StartsWith("as its owner: "));
      shop.query(grants.substr(grants.find(": ") + 2));
      CHECK(shop.deploy().done == 3);
      CHECK(shop.query("SELECT DISTINCT deployed_by FROM pgpm_migrate.changes") == role.name());
    }
    SECTION("to a part of it") {
      shop.query("GRANT INSERT, UPDATE ON pgpm_migrate.runs TO " + role.name());
      const Error later = error_of([&] { shop.deploy(); });
      CHECK_THAT(std::string(later.what()), Catch::Contains("may not write to the ledger"));
      CHECK_THAT(later.hint(), Catch::Contains("GRANT"));
      check_untouched(shop);
      CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "0");
      check_told(shop, Outcome::failed);
    }
    shop.query("DROP OWNED BY " + role.name());
  }
  SECTION("several, told together before anything is written") {
    shop.add_module("extended", {{"x", "SELECT 1;", "SELECT 1;", ""}}, "hstore,file_fdw");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(messages(error), Catch::Contains("may not create the ledger") &&
                                    Catch::Contains("may not create the extension file_fdw") &&
                                    Catch::Contains("may not create the extension hstore"));
    for (const Diagnostic& finding : error.diagnostics()) CHECK_FALSE(finding.hint.empty());
    CHECK_FALSE(shop.has_ledger());
    check_told(shop, Outcome::failed);
  }
  SECTION("to do what a script does") {
    shop.query("GRANT CREATE ON DATABASE " + shop.database.name() + " TO " + role.name());
    set_script(shop, "deploy/index", "CREATE INDEX t_id ON shop.t (id);\nCREATE ROLE another;\n");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK(error.server()->sqlstate == "42501");
    REQUIRE(error.where());
    CHECK(error.where()->line == 2);
    check_untouched(shop);
    CHECK(shop.events() == "deploy simple:index 42501");
    shop.query("DROP OWNED BY " + role.name());
  }
  SECTION("to read the ledger") {
    init_ledger(shop.database.target(), {}, shop.observer, {});
    const Error error = error_of([&] { shop.status(); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(error.hint(), Catch::Contains("GRANT SELECT"));
  }
}

TEST_CASE("failure: time limits of the server") {
  Workshop shop;
  add_simple(shop);
  DeployOptions options;
  SECTION("statement_timeout") {
    options.statement_timeout = "1s";
    set_script(shop, "deploy/table", "CREATE TABLE shop.t (id int); SELECT pg_sleep(3600);");
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK(error.code() == ErrorCode::timed_out);
    CHECK(error.server()->sqlstate == "57014");
  }
  SECTION("statement_timeout survives a script's RESET ALL") {
    options.statement_timeout = "1s";
    set_script(shop, "deploy/schema", "CREATE SCHEMA shop; SET statement_timeout = 0; RESET ALL;");
    set_script(shop, "deploy/table", "SELECT pg_sleep(3600);");
    CHECK(error_of([&] { shop.deploy(options); }).code() == ErrorCode::timed_out);
  }
  SECTION("lock_timeout") {
    options.lock_timeout = "50ms";
    options.retry_for = {};
    shop.query("CREATE TABLE public.busy ()");
    shop.query("BEGIN; LOCK TABLE public.busy");
    set_script(shop, "deploy/table", "ALTER TABLE public.busy ADD x int;");
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK(error.code() == ErrorCode::timed_out);
    CHECK(error.server()->sqlstate == "55P03");
    shop.query("ROLLBACK");
  }
  check_untouched(shop);
  CHECK(last_run(shop) == "deploy|failed|timed_out");
}

TEST_CASE("failure: after --createdb the database is there, and that is said") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "deploy/index", "SELECT 1/0;");
  DeployOptions options;
  options.create_database = true;
  const std::string name = shop.database.name() + "_made";
  const Error error = error_of(
      [&] { deploy(shop.load(), shop.target().with_database(name), options, shop.observer, {}); });
  CHECK(error.database_state() == "the database was created; nothing else was changed");
  CHECK(shop.query("SELECT count(*) FROM pg_database WHERE datname = '" + name + "'") == "1");
  shop.query("DROP DATABASE " + name);
}

TEST_CASE("failure: extensions made before the first change are told about") {
  Workshop shop;
  shop.add_module("m", {{"i", "CREATE INDEX CONCURRENTLY i ON nowhere (x);", "", ""}}, "citext");
  const Error error = error_of([&] { shop.deploy(); });
  CHECK_THAT(error.database_state(), Catch::Contains("the extensions of m were created"));
  CHECK(shop.query("SELECT count(*) FROM pg_extension WHERE extname = 'citext'") == "1");
}

TEST_CASE("failure: no output or error shows a script or a password, surprise 25") {
  Workshop shop;
  add_simple(shop);
  set_script(shop, "deploy/table", "CREATE ROLE x PASSWORD 'hunter2' NONSENSE;\n");
  DeployOptions options;
  options.command_line = "pgpm deploy --dsn postgres://me:hunter3@localhost/db";
  const Error error = error_of([&] { shop.deploy(options); });
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events WHERE events::text LIKE '%hunter%'") ==
        "0");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs WHERE runs::text LIKE '%hunter%'") ==
        "0");
  CHECK_THAT(std::string(error.what()), !Catch::Contains("hunter"));
}
