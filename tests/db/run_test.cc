// The loop that carries a worklist out: many changes in few messages, and still each with its own
// events, notices and place in the transaction.
#include <catch2/catch.hpp>

#include "tests/support/fixtures.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::string name(std::size_t i) {
  return "c" + std::to_string(i);
}

std::string notice(const std::string& text) {
  return "DO $$ BEGIN RAISE NOTICE '" + text + "'; END $$;";
}

/// c0, c1, ... each a table that a verify script looks at, with a notice first and last.
void add_many(Workshop& shop, std::size_t count) {
  std::vector<ScriptedChange> changes;
  for (std::size_t i = 0; i < count; ++i) {
    changes.push_back({i == 0 ? name(i) : name(i) + " [" + name(i - 1) + "]",
                       notice("in " + name(i)) + "CREATE TABLE " + name(i) + " (id int);\n" +
                           notice("in " + name(i)),
                       "DROP TABLE " + name(i) + ";", "SELECT id FROM " + name(i) + ";"});
  }
  shop.add_module("many", changes);
}

/// Started and finished pair, in order and numbered, with the outcomes given.
void check_pairs(const Workshop& shop, std::size_t ok, Outcome last = Outcome::ok) {
  const auto started = shop.observer.all<ChangeStarted>();
  const auto finished = shop.observer.all<ChangeFinished>();
  REQUIRE(started.size() == finished.size());
  for (std::size_t i = 0; i < started.size(); ++i) {
    CHECK(started[i].index == i + 1);
    CHECK(finished[i].index == i + 1);
    CHECK(started[i].change == finished[i].change);
    CHECK(finished[i].outcome == (i < ok ? Outcome::ok : last));
  }
}

}  // namespace

TEST_CASE("hundreds of changes: events in order, notices with the change that raised them") {
  Workshop shop;
  add_many(shop, 300);
  DeployOptions options;
  options.scope = GENERATE(TransactionScope::module, TransactionScope::change);
  CHECK(shop.deploy(options).done == 300);
  check_pairs(shop, 300);
  const auto notices = shop.observer.all<NoticeRaised>();
  REQUIRE(notices.size() == 600);
  for (const NoticeRaised& raised : notices) {
    CHECK(raised.module == "many");
    CHECK(raised.message.message == "in " + raised.change);
  }
  CHECK(shop.observer.all<Committed>().size() ==
        (options.scope == TransactionScope::change ? 300 : 1));
  CHECK(shop.revert(revert_all()).done == 300);
  check_pairs(shop, 300);
}

TEST_CASE("what is raised between changes is no change's") {
  Workshop shop;
  shop.add_module("m",
                  {{"a", "DO $$ BEGIN RAISE NOTICE 'mine'; END $$;", "SELECT 1;",
                    "DO $$ BEGIN RAISE NOTICE 'mine too'; RAISE EXCEPTION 'gone'; END $$;"},
                   {"b", "DO $$ BEGIN RAISE NOTICE 'another'; END $$;", "SELECT 1;", ""}},
                  "earthdistance");
  DeployOptions options;
  options.verify = false;
  shop.deploy(options);
  const auto notices = shop.observer.all<NoticeRaised>();
  REQUIRE(notices.size() == 3);
  CHECK_THAT(notices[0].message.message, Catch::Contains("cube"));
  CHECK(notices[0].module == "m");
  CHECK(notices[0].change.empty());
  CHECK(notices[1].change == "a");
  CHECK(notices[2].change == "b");
  shop.revert(revert_all());
  REQUIRE(shop.observer.all<NoticeRaised>().size() == 1);
  CHECK(shop.observer.all<NoticeRaised>().front().change == "a");
}

TEST_CASE("a failure late in a long run: what is done is told right, whatever the message") {
  Workshop shop;
  add_many(shop, 120);
  const std::size_t bad = GENERATE(3U, 50U, 118U);
  const std::string script = GENERATE("SELECT 1/0;", "SELEC;");
  CAPTURE(bad, script);
  shop.write("packages/many/deploy/" + name(bad) + ".sql", script);
  SECTION("one transaction") {
    const Error error = error_of([&] { shop.deploy(); });
    CHECK_THAT(error.where()->file, Catch::EndsWith(name(bad) + ".sql"));
    CHECK(error.database_state() == "nothing was changed");
    CHECK(shop.deployed().empty());
    CHECK(shop.observer.all<RunFinished>().front().done == 0);
  }
  SECTION("a transaction for each") {
    DeployOptions options;
    options.scope = TransactionScope::change;
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK_THAT(error.where()->file, Catch::EndsWith(name(bad) + ".sql"));
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == std::to_string(bad));
    CHECK(shop.observer.all<RunFinished>().front().done == bad);
    check_pairs(shop, bad, Outcome::failed);
  }
  CHECK(shop.query("SELECT string_agg(change_name, ' ') FROM pgpm_migrate.events "
                   "WHERE error_message IS NOT NULL") == name(bad));
}

TEST_CASE("a module that is done stays done, wherever the next one's mistake is noticed") {
  Workshop shop;
  add_many(shop, 60);
  const std::string script = GENERATE("SELECT 1/0;", "SELEC;");
  CAPTURE(script);
  SECTION("deployed") {
    shop.add_module("next", {{"bad", script, "", ""}}, "many");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK_THAT(error.database_state(), Catch::Contains("60 changes of many are committed"));
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "60");
    CHECK(shop.observer.all<RunFinished>().front().done == 60);
  }
  SECTION("reverted") {
    shop.add_module("next", {{"last", "SELECT 1;", "SELECT 1;", "SELECT 1/0;"}}, "many");
    DeployOptions unverified;
    unverified.verify = false;
    shop.deploy(unverified);
    shop.write("packages/many/revert/c59.sql", script);
    RevertOptions options = revert_all();
    options.scope = GENERATE(TransactionScope::module, TransactionScope::change);
    const Error error = error_of([&] { shop.revert(options); });
    CHECK_THAT(error.database_state(), Catch::Contains("1 change of next is committed"));
    CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "60");
  }
}

TEST_CASE("--tx change keeps every revert before the one that is no SQL") {
  Workshop shop;
  add_many(shop, 30);
  shop.deploy();
  shop.write("packages/many/revert/c9.sql", "SELEC;");
  RevertOptions options = revert_all();
  options.scope = TransactionScope::change;
  const Error error = error_of([&] { shop.revert(options); });
  CHECK_THAT(error.database_state(), Catch::Contains("20 changes of many are committed"));
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "10");
}

// Published modules have verify scripts that lean on changes that come later.
TEST_CASE("a verify script that needs a later change of its module is judged at the module's end") {
  Workshop shop;
  add_many(shop, 10);
  shop.write("packages/many/verify/c2.sql", "SELECT id FROM c7;");
  shop.write("packages/many/verify/c3.sql", "SAVEPOINT own; SELECT id FROM c8;");
  DeployOptions options;
  SECTION("it passes then, with a warning") {
    options.scope = GENERATE(TransactionScope::module, TransactionScope::run);
    CHECK(shop.deploy(options).done == 10);
    CHECK(shop.observer.all<VerifyFailed>().empty());
    const auto warnings = shop.observer.all<WarningRaised>();
    REQUIRE(warnings.size() == 2);
    CHECK(warnings[0].change == "c2");
    CHECK(warnings[1].change == "c3");
    check_pairs(shop, 10);
    for (const ChangeFinished& finished : shop.observer.all<ChangeFinished>())
      CHECK(finished.verified == (finished.change != "c2" && finished.change != "c3"));
    CHECK(shop.verify().done == 10);
  }
  SECTION("it fails for good if the module ends without what it needs") {
    shop.write("packages/many/verify/c3.sql", "SELECT id FROM nowhere;");
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::verification_failed);
    CHECK_THAT(std::string(error.what()), Catch::Contains("many:c3"));
    CHECK(shop.deployed().empty());
    CHECK(shop.events() == "verify many:c3 VERIFICATION_FAILED");
  }
  SECTION("it fails at once where each change commits by itself") {
    options.scope = TransactionScope::change;
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK_THAT(std::string(error.what()), Catch::Contains("many:c2"));
    CHECK(shop.deployed() == "many:c0 many:c1");
  }
  SECTION("a script that fails behind it is what the run ends with") {
    const std::string script = GENERATE("SELECT 1/0;", "SELEC;");
    shop.write("packages/many/deploy/c4.sql", script);
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::sql);
    CHECK_THAT(std::string(error.what()), Catch::Contains("many:c4"));
    CHECK(shop.deployed().empty());
  }
}

TEST_CASE("ledger rows of one transaction: each once, in the order of the plan") {
  Workshop shop;
  add_many(shop, 40);
  // Verify scripts that must wait, so that messages end where nobody planned it.
  for (const std::size_t waits : {0U, 3U, 4U, 17U, 39U})
    shop.write("packages/many/verify/" + name(waits) + ".sql",
               waits == 39 ? "SELECT id FROM c39;" : "SELECT id FROM " + name(waits + 1) + ";");
  DeployOptions options;
  options.scope = GENERATE(TransactionScope::module, TransactionScope::run);
  SECTION("written together") {}
  SECTION("a deploy script that looks sees all before it, a verify script its own too") {
    shop.write("packages/many/deploy/c5.sql",
               "CREATE TABLE c5 AS SELECT count(*) AS id FROM pgpm_migrate.changes;");
    shop.write("packages/many/verify/c5.sql",
               "SELECT 1 / (count(*) = 6)::int FROM pgpm_migrate.changes;");
  }
  SECTION("a change that looks, right behind one whose verify script waits") {
    shop.write("packages/many/deploy/c5.sql",
               "CREATE TABLE c5 AS SELECT count(*) AS id FROM pgpm_migrate.changes;");
    shop.write("packages/many/verify/c5.sql", "SELECT id FROM c6; -- not pgpm_migrate");
  }
  CHECK(shop.deploy(options).done == 40);
  std::string planned;
  for (std::size_t i = 0; i < 40; ++i) planned += (i == 0 ? "many:" : " many:") + name(i);
  CHECK(shop.deployed() == planned);
  CHECK(shop.query("SELECT string_agg(package || ':' || change_name, ' ' ORDER BY event_id) "
                   "FROM pgpm_migrate.events WHERE event_type = 'deploy'") == planned);
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.dependencies") == "39");
  CHECK(shop.query("SELECT coalesce(max(id), 5) FROM c5") == "5");  // empty if it did not look
}

TEST_CASE("a COMMIT that is cut off or interrupted") {
  Workshop shop;
  shop.add_module(
      "m", {{"slow",
             "CREATE TABLE t (id int);\n"
             "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
             "$$ BEGIN PERFORM pg_sleep(3600); RETURN NULL; END $$;\n"
             "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
             "FOR EACH ROW EXECUTE FUNCTION slow();\n"
             "INSERT INTO t VALUES (1);",
             "DROP TABLE t; DROP FUNCTION slow();", ""}});
  std::stop_source stop;
  SECTION("cut off: the ledger is asked what became of it") {
    const Onlooker onlooker(shop.database, sleeping, terminate);
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::connection);
    CHECK(error.database_state() ==
          "the connection was lost; the ledger, asked anew, says: none of the run's changes is "
          "committed");
  }
  SECTION("interrupted: it is rolled back") {
    shop.set_stop(stop.get_token());
    const Onlooker onlooker(shop.database, sleeping,
                            [&](db::Connection&, int) { stop.request_stop(); });
    const Error error = error_of([&] { shop.deploy(); });
    CHECK(error.code() == ErrorCode::interrupted);
    CHECK(error.database_state() == "nothing was changed");
  }
  CHECK(shop.deployed().empty());
  CHECK_FALSE(shop.has("t"));
}

TEST_CASE("a change header of any shape, and a name with dots and dashes, surprise 22") {
  Workshop shop;
  const std::string header =
      GENERATE("-- Deploy m:a-b.c/d-e.f to pg\n\n", "-- Deploy: a-b.c/d-e.f\n", "", "/* no */\n");
  shop.add_module("m", {{"a-b.c/d-e.f", header + "CREATE TABLE t ();", "DROP TABLE t;",
                         "-- Verify a-b.c/d-e.f on pg\nSELECT FROM t;"}});
  CHECK(shop.deploy().done == 1);
  CHECK(shop.deployed() == "m:a-b.c/d-e.f");
  CHECK(shop.revert(revert_all()).done == 1);
}
