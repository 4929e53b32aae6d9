// What `pgpm prove` finds out about one change, by the events it tells: every verdict, and that
// nothing stays behind on the server.
#include "pgpm/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/catalog/snapshot.h"
#include "tests/db/catalog_case.h"
#include "tests/support/workshop.h"

namespace pgpm::tests {
namespace {

class ProofShop : public Workshop {
 public:
  void prove(ProveOptions options = {}) {
    observer.events.clear();
    pgpm::prove(load(), target(), options, observer, stop);
  }
  /// The error it ends with; fails the test if there is none.
  Error refuted(const ProveOptions& options = {}) {
    return error_of([&] { prove(options); });
  }
  std::vector<CheckFinished> checks() const { return observer.all<CheckFinished>(); }
  const CheckFinished check(const std::string& change) const {
    for (const CheckFinished& each : checks())
      if (each.name == change) return each;
    FAIL("no check of " + change);
    return {};
  }
  /// "change: verdict: message" of each check, in order.
  std::vector<std::string> verdicts() const {
    std::vector<std::string> lines;
    for (const CheckFinished& each : checks())
      lines.push_back(
          fmt::format("{}: {}: {}", each.name, verdict_name(each.verdict), each.message));
    return lines;
  }
  std::string scratch_databases() {
    return query("SELECT count(*) FROM pg_database WHERE datname LIKE 'pgpm\\_scratch\\_%'");
  }
  std::stop_token stop;
};

using Lines = std::vector<std::string>;

ScriptedChange table(const std::string& name) {
  return {name, fmt::format("CREATE TABLE {} (id int PRIMARY KEY);", name),
          fmt::format("DROP TABLE {};", name), fmt::format("SELECT id FROM {} WHERE false;", name)};
}

}  // namespace

TEST_CASE("a change whose revert restores everything is proven") {
  ProofShop shop;
  shop.add_module("app", {table("a"), table("b")});
  shop.prove();
  CHECK(shop.verdicts() == Lines{"a: passed: ", "b: passed: "});
  CHECK(shop.observer.all<RunStarted>().at(0).checks == 2);
  CHECK(shop.observer.all<RunStarted>().at(0).command == "prove");
  CHECK(shop.observer.all<CheckStarted>().size() == 2);
  const RunFinished finished = shop.observer.all<RunFinished>().at(0);
  CHECK(finished.done == 2);
  CHECK(finished.outcome == Outcome::ok);
  CHECK_FALSE(shop.has("a"));
  CHECK_FALSE(shop.has_ledger());
}

TEST_CASE("what a revert leaves behind is named, with its place, and later changes are proven") {
  ProofShop shop;
  shop.add_module(
      "app", {{"a",
               "CREATE SCHEMA app;\n\nCREATE TABLE app.one (id int);\nCREATE "
               "TABLE app.two (id int);",
               "-- Revert a\n\nDROP TABLE app.one;\nALTER TABLE app.two RENAME COLUMN id TO x;"},
              table("b")});
  const Error error = shop.refuted();
  CHECK(error.code() == ErrorCode::proof_failed);
  CHECK(std::string(error.what()) == "1 of 2 changes is not proven: app:a");
  const CheckFinished check = shop.check("a");
  CHECK(check.code == ErrorCode::proof_failed);
  CHECK(headlines(check.differences) == Lines{"+ schema app", "+ table app.two"});
  CHECK(check.message == "not restored: schema app: not there before (and 1 more)");
  REQUIRE(check.findings.size() == 2);
  CHECK(check.findings[1].where.line == 4);
  CHECK(check.findings[1].where.file.ends_with("revert/a.sql"));
  CHECK(check.findings[1].source_line == "ALTER TABLE app.two RENAME COLUMN id TO x;");
  CHECK(check.findings[1].hint.ends_with("deploy/a.sql:4:1"));
  CHECK(shop.check("b").verdict == Verdict::passed);
  CHECK(shop.observer.all<RunFinished>().at(0).outcome == Outcome::failed);
}

TEST_CASE("what a revert takes too much or alters is named") {
  ProofShop shop;
  shop.add_module("app",
                  {table("a"),
                   {"b", "ALTER TABLE a ADD x text;", "ALTER TABLE a DROP x;\nDROP TABLE a;"},
                   {"c", "ALTER TABLE a ADD y text;",
                    "ALTER TABLE a DROP y;\nALTER TABLE a ALTER id TYPE bigint;"}});
  CHECK(shop.refuted().code() == ErrorCode::proof_failed);
  CHECK(headlines(shop.check("b").differences) == Lines{"- table public.a"});
  CHECK(headlines(shop.check("c").differences) == Lines{"~ column public.a.id"});
  CHECK(shop.check("c").findings.at(0).where.line == 2);
}

TEST_CASE("a script that keeps the server from counting is looked at all the same") {
  ProofShop shop;
  shop.add_module("app", {{"a",
                           "SET LOCAL track_counts = off;\nCREATE TABLE a (id int);\n"
                           "SET LOCAL track_counts = on;",
                           "SELECT 1;"}});
  CHECK(shop.refuted().code() == ErrorCode::proof_failed);
  CHECK(headlines(shop.check("a").differences) == Lines{"+ table public.a"});
}

TEST_CASE("what another session writes for a script is found in the end") {
  ProofShop shop;
  if (shop.query("SELECT count(*) FROM pg_available_extensions WHERE name = 'dblink'") == "0") {
    WARN("skipped: the server does not offer the extension dblink");
    return;
  }
  shop.add_module("app",
                  {{"dblink", "CREATE EXTENSION dblink;", "DROP EXTENSION dblink;"},
                   // The server's counters are handed over after a second at most; until then they
                   // say that the extension was written.
                   {"pause", "SELECT pg_sleep(1.2);", "SELECT 1;"},
                   {"a",
                    "SELECT dblink_exec(format('dbname=%s user=%s host=%s port=%s', "
                    "current_database(), current_user,\n"
                    "  trim(split_part(current_setting('unix_socket_directories'), ',', 1), '\"'), "
                    "current_setting('port')),"
                    "\n  'CREATE TABLE IF NOT EXISTS hidden (id int)');",
                    "SELECT 1;"}});
  const Error error = shop.refuted();
  CHECK(error.code() == ErrorCode::proof_failed);
  CHECK(std::string(error.what()).find("table public.hidden") != std::string::npos);
  CHECK(shop.observer.all<RunFinished>().at(0).outcome == Outcome::failed);
}

TEST_CASE("a change that is different when deployed again is found") {
  ProofShop shop;
  shop.add_module("app",
                  {{"a", "CREATE TABLE counter (n int); INSERT INTO counter VALUES (0);",
                    "DROP TABLE counter;"},
                   {"b",
                    "UPDATE counter SET n = n + 1;\nDO $$ BEGIN EXECUTE format('CREATE TABLE "
                    "t%s (id int)', (SELECT n FROM counter)); END $$;",
                    "DO $$ BEGIN EXECUTE format('DROP TABLE t%s', (SELECT n FROM counter)); "
                    "END $$;"}});
  CHECK(shop.refuted().code() == ErrorCode::proof_failed);
  const CheckFinished check = shop.check("b");
  CHECK(check.message ==
        "different when deployed again: table public.t1: no longer there (and 1 more)");
  CHECK(headlines(check.differences) == Lines{"- table public.t1", "+ table public.t2"});
}

TEST_CASE("a change that cannot be deployed again stops the proof, not the report") {
  ProofShop shop;
  shop.add_module("app", {table("a"), {"b", "INSERT INTO a VALUES (1);", "SELECT 1;"}, table("c")});
  CHECK(shop.refuted().code() == ErrorCode::sql);
  const CheckFinished check = shop.check("b");
  CHECK(check.message.starts_with("after the revert, the deploy script failed: duplicate key"));
  CHECK(check.server.sqlstate == "23505");
  CHECK(check.findings.at(0).where.file.ends_with("deploy/b.sql"));
  CHECK(shop.verdicts().at(2) == "c: skipped: not reached: app:b could not be deployed");
  CHECK(shop.observer.all<RunFinished>().at(0).skipped == 1);
}

TEST_CASE("a declared irreversible change is deployed and skipped") {
  ProofShop shop;
  shop.add_module("app", {{"a", "CREATE TABLE a (id int);", "-- pgpm: irreversible\n"},
                          {"b", "-- pgpm: irreversible\nALTER TABLE a ADD x int;", ""},
                          {"c", "ALTER TABLE a ADD y int;", "ALTER TABLE a DROP y;"}});
  shop.prove();
  CHECK(shop.verdicts() == Lines{"a: skipped: declared irreversible",
                                 "b: skipped: declared irreversible", "c: passed: "});
}

TEST_CASE("a revert script that is missing, fails or cannot be sent is a verdict") {
  ProofShop shop;
  shop.add_module("app", {{"a", "CREATE TABLE a (id int);", ""},
                          {"b", "CREATE TABLE b (id int);", "DROP TABLE b;\nDROP TABLE nope;"},
                          {"c", "CREATE TABLE c (id int);", "DROP TABLE c;\n\\i x.sql\n"},
                          table("d")});
  CHECK(shop.refuted().code() == ErrorCode::script_missing);
  CHECK(shop.check("a").code == ErrorCode::script_missing);
  CHECK(shop.check("a").findings.at(0).where.file.ends_with("revert/a.sql"));
  CHECK(shop.check("b").code == ErrorCode::sql);
  CHECK(shop.check("b").server.sqlstate == "42P01");
  CHECK(shop.check("b").findings.at(0).where.line == 2);
  CHECK(shop.check("c").code == ErrorCode::configuration);
  CHECK(shop.check("c").findings.at(0).where.line == 2);
  CHECK(shop.check("d").verdict == Verdict::passed);
}

TEST_CASE("a deploy script that fails ends the proof with the rest not reached") {
  ProofShop shop;
  shop.add_module("app", {{"a", "CREATE TABLE a (id nope);", "DROP TABLE a;"}, table("b")});
  CHECK(shop.refuted().code() == ErrorCode::sql);
  CHECK(shop.check("a").findings.at(0).where.column == 20);
  CHECK(shop.check("b").verdict == Verdict::skipped);
}

TEST_CASE("a verify script that proves nothing is named, and fails with strict") {
  ProofShop shop;
  shop.add_module("app", {{"a", "CREATE TABLE a (id int);", "DROP TABLE a;", "SELECT 1;"},
                          {"b", "CREATE TABLE b (id int);", "DROP TABLE b;", "-- nothing\n"},
                          table("c"),
                          {"d", "INSERT INTO c VALUES (1) ON CONFLICT DO NOTHING;", "SELECT 1;",
                           "SELECT 1/count(*) FROM c;"}});
  shop.prove();
  CHECK(shop.check("a").verdict == Verdict::passed);
  REQUIRE(shop.check("a").findings.size() == 1);
  CHECK(shop.check("a").findings[0].severity == Severity::warning);
  CHECK(shop.check("a").findings[0].where.file.ends_with("verify/a.sql"));
  CHECK(shop.check("a").findings[0].message ==
        "the verify script of app:a passes before its change is deployed and after it is reverted");
  CHECK(shop.check("b").findings.size() == 1);
  CHECK(shop.check("c").findings.empty());
  REQUIRE(shop.check("d").findings.size() == 1);
  CHECK(shop.check("d").findings[0].message ==
        "the verify script of app:d passes after its change is reverted");
  ProveOptions strict;
  strict.strict = true;
  CHECK(shop.refuted(strict).code() == ErrorCode::proof_failed);
  CHECK(shop.check("a").verdict == Verdict::failed);
  CHECK(shop.check("c").verdict == Verdict::passed);
}

TEST_CASE("a verify script that fails is a verdict, one that leans on later changes a warning") {
  ProofShop shop;
  shop.add_module("app",
                  {{"a", "CREATE TABLE a (id int);", "DROP TABLE a;", "SELECT x FROM a;"},
                   {"b", "ALTER TABLE a ADD x int;", "ALTER TABLE a DROP x;"},
                   {"c", "CREATE TABLE c (id int);", "DROP TABLE c;", "SELECT nope FROM c;"}});
  CHECK(shop.refuted().code() == ErrorCode::verification_failed);
  CHECK(shop.check("a").verdict == Verdict::passed);
  CHECK(shop.check("a").findings.at(0).message ==
        "the verify script of app:a passes only after later changes of its module");
  CHECK(shop.check("c").verdict == Verdict::failed);
  CHECK(shop.check("c").code == ErrorCode::verification_failed);
  CHECK(shop.check("c").findings.at(0).where.column == 8);
}

TEST_CASE("a change of rows alone says that there was nothing to see") {
  ProofShop shop;
  shop.add_module("app", {table("a"), {"b", "INSERT INTO a VALUES (1);", "DELETE FROM a;"}});
  shop.prove();
  CHECK(shop.verdicts().at(1) ==
        "b: passed: changes nothing in the catalog: only its scripts were tried");
}

TEST_CASE("changes that refuse transactions are proven outside one") {
  ProofShop shop;
  shop.add_module("app", {table("a"),
                          {"b", "CREATE INDEX CONCURRENTLY a_idx ON a (id);",
                           "DROP INDEX CONCURRENTLY a_idx;", "SELECT 'a_idx'::regclass;"},
                          {"c", "CREATE INDEX CONCURRENTLY c_idx ON a (id);", "SELECT 1;"},
                          {"d", "CREATE INDEX CONCURRENTLY d_idx ON a (id);",
                           "-- pgpm: no-transaction\nDROP INDEX d_idx; DROP INDEX nope;"},
                          table("e")});
  CHECK(shop.refuted().code() == ErrorCode::proof_failed);
  CHECK(shop.check("b").verdict == Verdict::passed);
  CHECK(headlines(shop.check("c").differences) == Lines{"+ index public.c_idx"});
  CHECK(shop.check("d").code == ErrorCode::sql);
  CHECK(shop.check("e").verdict == Verdict::skipped);
}

TEST_CASE("what a constraint defers to the end of the transaction is part of the proof") {
  ProofShop shop;
  shop.add_module("app",
                  {{"a",
                    "CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a DEFERRABLE INITIALLY "
                    "DEFERRED); INSERT INTO a VALUES (1, 1);",
                    "DROP TABLE a;"},
                   {"b", "INSERT INTO a VALUES (2, 3), (3, 2);", "DELETE FROM a WHERE id = 2;"}});
  CHECK(shop.refuted().code() == ErrorCode::sql);
  CHECK(shop.check("a").verdict == Verdict::passed);
  CHECK(shop.check("b").message.starts_with("the revert could not be committed: "));
}

TEST_CASE("required modules are proven first, with --to and a rework") {
  ProofShop shop;
  shop.add_module("base", {table("a")});
  shop.add_module(
      "app",
      {{"f [base:a]", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "DROP FUNCTION f();", "SELECT f();"},
       {"@v1", ""},
       {"f [f@v1]", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "SELECT f();"},
       {"@v2", ""},
       table("z")},
      "base");
  shop.files.write("packages/app/deploy/f@v1.sql",
                   "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';");
  shop.files.write("packages/app/revert/f@v1.sql", "DROP FUNCTION f();");
  shop.files.write("packages/app/verify/f@v1.sql", "SELECT f();");
  ProveOptions options;
  options.modules = {"app"};
  options.to = "@v2";
  shop.prove(options);
  CHECK(shop.verdicts() == Lines{"a: passed: ", "f@v1: passed: ", "f: passed: "});
  CHECK(shop.check("f").findings.empty());
  CHECK(shop.observer.all<RunStarted>().at(0).modules == Lines{"base", "app"});
}

TEST_CASE("extensions are there before a module's first change") {
  ProofShop shop;
  if (shop.query("SELECT count(*) FROM pg_available_extensions WHERE name = 'hstore'") == "0") {
    WARN("skipped: the server does not offer the extension hstore");
    return;
  }
  shop.add_module("app", {{"a", "CREATE TABLE a (h hstore);", "DROP TABLE a;"}}, "hstore");
  shop.prove();
  CHECK(shop.verdicts() == Lines{"a: passed: "});
  CHECK(shop.observer.all<ExtensionCreated>().size() == 1);
}

TEST_CASE("roles count where the server is the proof's own") {
  ProofShop shop;
  const std::string role = "role_of_" + shop.database.name();
  shop.add_module("app", {{"a", "CREATE ROLE " + role + ";", "SELECT 1;"}});
  ProveOptions options;
  options.cluster = ClusterObjects::include;
  CHECK(shop.refuted(options).code() == ErrorCode::proof_failed);
  CHECK(headlines(shop.check("a").differences) == Lines{"+ role " + role});
  shop.query("DROP ROLE " + role);
}

TEST_CASE("whatever happens, no scratch database stays") {
  ProofShop shop;
  shop.add_module("app", {table("a"), {"b", "SELECT 1/0;", "SELECT 1;"}});
  shop.refuted();
  CHECK(shop.scratch_databases() == "0");
  std::stop_source source;
  source.request_stop();
  shop.stop = source.get_token();
  CHECK(shop.refuted().code() == ErrorCode::interrupted);
  CHECK(shop.scratch_databases() == "0");
}

TEST_CASE("a run that is stopped in the middle of a script drops its database") {
  class StopAtFirst final : public Observer {
   public:
    explicit StopAtFirst(std::stop_source& source) : source_(source) {}
    void on_event(const Event& event) override {
      names.push_back(event_name(event));
      if (std::holds_alternative<NoticeRaised>(event)) source_.request_stop();
    }
    Lines names;

   private:
    std::stop_source& source_;
  };
  ProofShop shop;
  shop.add_module(
      "app", {{"a", "DO $$ BEGIN RAISE NOTICE 'now'; PERFORM pg_sleep(600); END $$;", "SELECT 1;"},
              table("b")});
  std::stop_source source;
  StopAtFirst observer(source);
  const Error error =
      error_of([&] { pgpm::prove(shop.load(), shop.target(), {}, observer, source.get_token()); });
  CHECK(error.code() == ErrorCode::interrupted);
  CHECK(observer.names == Lines{"run_started", "warning_raised", "module_started", "check_started",
                                "notice_raised", "check_finished", "run_finished"});
  CHECK(shop.scratch_databases() == "0");
}

TEST_CASE("what is known before is refused before a database is made") {
  ProofShop shop;
  shop.add_module("app", {{"a", "", "DROP TABLE a;"}});
  shop.files.remove("packages/app/deploy/a.sql");
  CHECK(shop.refuted().code() == ErrorCode::script_missing);
  CHECK(shop.observer.events.empty());
  ProveOptions unknown;
  unknown.modules = {"app"};
  unknown.to = "nope";
  CHECK(shop.refuted(unknown).code() == ErrorCode::configuration);
}

}  // namespace pgpm::tests
