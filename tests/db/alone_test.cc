// Changes outside a transaction that were cut off: the next deploy goes on at the right statement,
// and takes away what the one before left half-done.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "engine/registry/registry.h"
#include "engine/text/digest.h"
#include "tests/support/fixtures.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const char* const waits = "wait_event_type = 'Lock' AND pid <> pg_backend_pid()";

/// Module m with one change i; the table t, and everything else, is there before.
void add_change(Workshop& shop, const std::string& script) {
  shop.query("CREATE TABLE public.t (id int); INSERT INTO public.t SELECT generate_series(1, 9)");
  shop.query("CREATE TABLE public.parts (id int) PARTITION BY LIST (id)");
  shop.query("CREATE TABLE public.part PARTITION OF public.parts FOR VALUES IN (1)");
  shop.query("CREATE TYPE public.mood AS ENUM ('good')");
  shop.query("CREATE INDEX old_index ON public.t (id)");
  shop.add_module("m", {{"i", script, "", ""}});
  registry::install(shop.database.connection());
}

/// As a killed run leaves it: the change was begun, `done` of its statements are journalled.
void leave_intent(Workshop& shop, const std::string& script, int done = 0) {
  shop.database.exec(
      registry::begin_intent_sql("m", "i", Action::deploy, sha256_hex(script), 4711));
  shop.database.exec(registry::advance_intent_sql("m", "i", static_cast<std::size_t>(done)));
}

std::string indexes(Workshop& shop) {
  return shop.query(
      "SELECT c.relname || ' ' || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = "
      "i.indexrelid WHERE i.indrelid = 'public.t'::regclass ORDER BY 1");
}

struct Completed {
  const char* statement;
  const char* proof;  ///< t once it is done
};

}  // namespace

TEST_CASE("a statement that was done, though nobody noted it down, is not run again") {
  const Completed completed = GENERATE(
      Completed{"CREATE INDEX CONCURRENTLY named ON public.t (id)",
                "SELECT count(*) = 2 FROM pg_index WHERE indrelid = 't'::regclass"},
      Completed{"CREATE INDEX CONCURRENTLY ON public.t (id)",
                "SELECT count(*) = 2 FROM pg_index WHERE indrelid = 't'::regclass"},
      Completed{"DROP INDEX CONCURRENTLY public.old_index",
                "SELECT to_regclass('old_index') IS NULL"},
      Completed{"ALTER TYPE public.mood ADD VALUE 'it''s bad' BEFORE 'good'",
                "SELECT count(*) = 2 FROM pg_enum WHERE enumtypid = 'mood'::regtype"},
      Completed{"ALTER TABLE public.parts DETACH PARTITION public.part CONCURRENTLY",
                "SELECT NOT relispartition FROM pg_class WHERE relname = 'part'"},
      Completed{"CREATE DATABASE \"%s\"", "SELECT true FROM pg_database WHERE datname = '%s'"},
      Completed{"DROP DATABASE IF EXISTS \"%s\"",
                "SELECT count(*) = 0 FROM pg_database WHERE datname = '%s'"});
  Workshop shop;
  const auto named = [&](std::string text) {
    const std::size_t at = text.find("%s");
    return at == std::string::npos ? text : text.replace(at, 2, shop.database.name() + " 2");
  };
  const std::string statement = named(completed.statement);
  CAPTURE(statement);
  if (shop.database.connection().server_version() < 140000 &&
      statement.find("DETACH") != std::string::npos)
    return;
  const std::string script = "-- pgpm: no-transaction\n" + statement + ";\n";
  add_change(shop, script);
  leave_intent(shop, script);
  shop.database.exec(statement);
  const std::string before = indexes(shop);
  CHECK(shop.deploy().done == 1);
  CHECK(shop.query(named(completed.proof)) == "t");
  CHECK(indexes(shop) == before);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
  shop.query(named("DROP DATABASE IF EXISTS \"%s\""));
}

TEST_CASE("a statement that failed is run again, not taken for done") {
  const std::string script = "DROP INDEX CONCURRENTLY public.missing;";
  Workshop shop;
  add_change(shop, script);
  CHECK(error_of([&] { shop.deploy(); }).server()->sqlstate == "42704");
  CHECK(error_of([&] { shop.deploy(); }).server()->sqlstate == "42704");
  CHECK(shop.status().modules.front().interrupted == std::vector<std::string>{"i"});
}

TEST_CASE("an invalid index that was there before is not ours to drop") {
  const std::string script = "CREATE UNIQUE INDEX CONCURRENTLY named ON public.t (id);";
  Workshop shop;
  add_change(shop, script);
  shop.query("INSERT INTO public.t VALUES (1)");
  CHECK(error_of([&] { shop.database.exec(script); }).server()->sqlstate == "23505");
  const std::string theirs = shop.query("SELECT 'named'::regclass::oid");
  leave_intent(shop, script);
  CHECK(error_of([&] { shop.deploy(); }).server()->sqlstate == "42P07");
  CHECK(shop.query("SELECT 'named'::regclass::oid") == theirs);
}

TEST_CASE("killed while it waits for others: one rerun, and nothing is left half-done") {
  const auto [script, expected] = GENERATE(table<std::string, std::string>({
      {"CREATE INDEX CONCURRENTLY named ON public.t (id);", "named true\nold_index true"},
      {"CREATE INDEX CONCURRENTLY ON public.t (id);", "old_index true\nt_id_idx true"},
      {"REINDEX INDEX CONCURRENTLY public.old_index;", "old_index true"},
      {"DROP INDEX CONCURRENTLY public.old_index;", ""},
      {"ALTER TABLE public.parts DETACH PARTITION public.part CONCURRENTLY;", "old_index true"},
  }));
  CAPTURE(script);
  Workshop shop;
  const int version = shop.database.connection().server_version();
  if (script.find("REINDEX") == 0 && version < 120000) return;
  if (script.find("DETACH") != std::string::npos && version < 140000) return;
  add_change(shop, script);
  db::Connection writer = shop.database.connect();
  writer.exec("BEGIN; INSERT INTO public.t VALUES (10); SELECT * FROM public.parts");
  Onlooker killer(shop.database, waits, terminate);
  const Error error = error_of([&] { shop.deploy(); });
  killer.join();
  CHECK(error.code() == ErrorCode::connection);
  writer.exec("COMMIT");
  CHECK(shop.deploy().done == 1);
  CHECK(indexes(shop) == expected);
  if (script.find("DETACH") != std::string::npos)
    CHECK(shop.query("SELECT relispartition FROM pg_class WHERE relname = 'part'") == "f");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
}

TEST_CASE("an ordinary statement and its entry in the journal are one transaction") {
  Workshop shop;
  shop.query("CREATE SEQUENCE public.attempts");
  add_change(
      shop,
      "-- pgpm: no-transaction\nINSERT INTO public.t VALUES (100);\n"
      "INSERT INTO public.t SELECT 200 FROM pg_sleep(CASE WHEN nextval('public.attempts') = 1 "
      "THEN 3600 ELSE 0 END);\nINSERT INTO public.t VALUES (300);\n");
  Onlooker killer(shop.database, sleeping, terminate);
  CHECK(error_of([&] { shop.deploy(); }).code() == ErrorCode::connection);
  killer.join();
  CHECK(shop.query("SELECT statements_done FROM pgpm_migrate.intents") == "1");
  CHECK(shop.deploy().done == 1);
  CHECK(shop.query("SELECT string_agg(id::text, ' ' ORDER BY id) FROM public.t WHERE id >= 100") ==
        "100 200 300");
}

TEST_CASE("what commits by itself cannot share a transaction, and need not") {
  Workshop shop;
  shop.query(
      "CREATE PROCEDURE public.p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO t VALUES (50);"
      " COMMIT; INSERT INTO t VALUES (51); END'");
  shop.query("CREATE TABLE public.many (id int) PARTITION BY LIST (id)");
  shop.query("CREATE TABLE public.one PARTITION OF public.many FOR VALUES IN (1)");
  shop.query("CREATE INDEX many_id ON public.many (id)");
  add_change(shop,
             "-- pgpm: no-transaction\nCALL public.p();\nDO $$ BEGIN COMMIT; END $$;\n"
             "REINDEX INDEX public.many_id;\nVACUUM public.t;\n");
  if (shop.database.connection().server_version() < 140000) return;
  CHECK(shop.deploy().done == 1);
  CHECK(shop.query("SELECT count(*) FROM public.t WHERE id >= 50") == "2");
}

TEST_CASE("going on, a script finds the settings that it made before") {
  const std::string script =
      "SET search_path = shop;\nCREATE INDEX CONCURRENTLY named ON things (id);\n";
  Workshop shop;
  shop.query("CREATE SCHEMA shop; CREATE TABLE shop.things (id int)");
  add_change(shop, script);
  leave_intent(shop, script, 1);
  CHECK(shop.deploy().done == 1);
  CHECK(shop.query("SELECT 'shop.named'::regclass::text") == "shop.named");
}

TEST_CASE("what was begun outside a transaction is finished there, whatever scope the rerun has") {
  Workshop shop;
  const std::string script = "CREATE TABLE one ();\nCREATE TABLE two (id int);\n";
  shop.add_module("m", {{"i", script, "DROP TABLE two;\nDROP TABLE one;\n", ""}});
  registry::install(shop.database.connection());
  shop.query("CREATE TABLE one ()");
  leave_intent(shop, script, 1);
  DeployOptions options;
  options.scope = GENERATE(TransactionScope::module, TransactionScope::run,
                           TransactionScope::change, TransactionScope::none);
  CHECK(shop.deploy(options).done == 1);
  CHECK(shop.has("two"));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");

  shop.query("DROP TABLE two");
  shop.database.exec(registry::begin_intent_sql(
      "m", "i", Action::revert, sha256_hex("DROP TABLE two;\nDROP TABLE one;\n"), 4711));
  shop.database.exec(registry::advance_intent_sql("m", "i", 1));
  CHECK(shop.revert(revert_all()).done == 1);
  CHECK_FALSE(shop.has("one"));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
}

TEST_CASE("a script that was edited after it was interrupted begins anew, with a warning") {
  Workshop shop;
  add_change(shop, "CREATE INDEX CONCURRENTLY named ON public.t (id);\nVACUUM public.missing;");
  CHECK(error_of([&] { shop.deploy(); }).server()->sqlstate == "42P01");
  shop.write("packages/m/deploy/i.sql",
             "CREATE INDEX CONCURRENTLY IF NOT EXISTS named ON public.t (id);\nVACUUM public.t;");
  CHECK(shop.deploy().done == 1);
  const auto warnings = shop.observer.all<WarningRaised>();
  const auto edited = std::find_if(warnings.begin(), warnings.end(), [](const auto& warning) {
    return warning.diagnostic.message.find("edited since a run of it was interrupted after 1") !=
           std::string::npos;
  });
  CHECK(edited != warnings.end());
}

TEST_CASE("a missed lock in a transaction of the script's own: from its BEGIN on again") {
  Workshop shop;
  add_change(shop,
             "-- pgpm: no-transaction\nINSERT INTO public.t VALUES (100);\nBEGIN;\n"
             "INSERT INTO public.t VALUES (200);\nALTER TABLE public.parts ADD x int;\nCOMMIT;\n");
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.parts");
  DeployOptions options;
  options.lock_timeout = "200ms";
  struct Releasing final : Observer {
    db::Connection* reader = nullptr;
    std::size_t misses = 0;
    void on_event(const Event& event) override {
      if (!std::holds_alternative<LockMissed>(event)) return;
      if (++misses == 2) reader->exec("COMMIT");
    }
  } observer;
  observer.reader = &reader;
  CHECK(pgpm::deploy(shop.load(), shop.target(), options, observer, {}).done == 1);
  CHECK(observer.misses == 2);
  CHECK(shop.query("SELECT string_agg(id::text, ' ' ORDER BY id) FROM public.t WHERE id >= 100") ==
        "100 200");
}

TEST_CASE("lock_timeout does not break off what waits for other transactions by design") {
  Workshop shop;
  add_change(shop, "CREATE INDEX CONCURRENTLY named ON public.t (id);");
  db::Connection writer = shop.database.connect();
  writer.exec("BEGIN; INSERT INTO public.t VALUES (10)");
  // The server would: its limit holds for virtual transactions, too.
  db::Connection plain = shop.database.connect();
  plain.exec("SET lock_timeout = '50ms'");
  CHECK(error_of([&] { plain.exec("CREATE INDEX CONCURRENTLY other ON public.t (id)"); })
            .server()
            ->sqlstate == "55P03");
  DeployOptions options;
  options.lock_timeout = "50ms";
  options.retry_for = {};
  struct Releasing final : Observer {
    db::Connection* writer = nullptr;
    std::vector<Blocker> blockers;
    std::vector<IndexProgress> progress;
    bool missed = false;
    void on_event(const Event& event) override {
      missed = missed || std::holds_alternative<LockMissed>(event);
      if (const auto* one = std::get_if<IndexProgress>(&event)) progress.push_back(*one);
      const auto* awaited = std::get_if<LockAwaited>(&event);
      if (awaited == nullptr) return;
      blockers = awaited->blockers;
      writer->exec("COMMIT");
    }
  } observer;
  observer.writer = &writer;
  CHECK(pgpm::deploy(shop.load(), shop.target(), options, observer, {}).done == 1);
  CHECK_FALSE(observer.missed);
  REQUIRE(observer.blockers.size() == 1);
  CHECK(observer.blockers[0].pid == writer.backend_pid());
  CHECK(indexes(shop) == "named true\nold_index true\nother false");
  if (shop.database.connection().server_version() < 120000) return;
  REQUIRE_FALSE(observer.progress.empty());
  CHECK(observer.progress[0].module == "m");
  CHECK(observer.progress[0].change == "i");
  CHECK_THAT(observer.progress[0].phase, Catch::Contains("waiting for"));
  CHECK(observer.progress[0].unit == "lockers");
  CHECK(observer.progress[0].total >= 1);
}
