// Transactions that miss a lock: tried again as a whole, with the sessions in the way named. Other
// sessions hold locks and let go of them when an event says that they were missed and named: on a
// busy machine a lock may be missed before it was seen who is there. Nothing here depends on how
// long anything takes.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <thread>

#include "tests/support/fixtures.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

DeployOptions impatient(TransactionScope scope = TransactionScope::module) {
  DeployOptions options;
  options.lock_timeout = "200ms";
  options.retry_for = std::chrono::minutes(10);
  options.scope = scope;
  return options;
}

/// before creates a table, alter changes one that others use, after comes behind it.
void add_altering(Workshop& shop) {
  shop.query("CREATE TABLE public.busy (id int)");
  shop.add_module(
      "m", {{"before", "CREATE TABLE before ();", "DROP TABLE before;", "TABLE before;"},
            {"alter [before]", "ALTER TABLE public.busy ADD x int;",
             "ALTER TABLE public.busy DROP x;", "SELECT x FROM public.busy;"},
            {"after [alter]", "CREATE TABLE after ();", "DROP TABLE after;", "TABLE after;"}});
}

/// For one attempt alone, which has to see who is there.
DeployOptions patient_once() {
  DeployOptions options = impatient();
  options.lock_timeout = "3s";
  options.retry_for = {};
  return options;
}

const LockMissed* named_miss(const Event& event) {
  const auto* missed = std::get_if<LockMissed>(&event);
  return missed != nullptr && !missed->blockers.empty() ? missed : nullptr;
}

std::vector<LockMissed> named_misses(const RecordingObserver& observer) {
  std::vector<LockMissed> misses = observer.all<LockMissed>();
  std::erase_if(misses, [](const LockMissed& missed) { return missed.blockers.empty(); });
  return misses;
}

RunReport deploy_with(Workshop& shop, RecordingObserver& observer, const DeployOptions& options,
                      std::stop_token stop = {}) {
  return pgpm::deploy(shop.load(), shop.target(), options, observer, std::move(stop));
}

void check_told_once(const RecordingObserver& observer, std::size_t changes) {
  const auto started = observer.all<ChangeStarted>();
  const auto finished = observer.all<ChangeFinished>();
  REQUIRE(started.size() == changes);
  REQUIRE(finished.size() == changes);
  for (std::size_t i = 0; i < changes; ++i) {
    CHECK(started[i].index == i + 1);
    CHECK(finished[i].index == i + 1);
    CHECK(started[i].change == finished[i].change);
    CHECK(finished[i].outcome == Outcome::ok);
  }
  CHECK(observer.all<ModuleStarted>().size() == 1);
}

/// A session of an application of this name that works on a lock for ever.
class BusyHolder {
 public:
  BusyHolder(const Workshop& shop, const std::string& application) {
    Target target = shop.target();
    target.application = application;
    connection_.emplace(db::Connection::open(target));
    pid = connection_->backend_pid();
    connection_->exec("BEGIN; LOCK TABLE public.busy IN ACCESS SHARE MODE");
    thread_ = std::thread([this] {
      try {
        connection_->exec("  \n SELECT pg_sleep(3600)\n AS second_line");
      } catch (const Error& error) {
        sqlstate = error.server() ? error.server()->sqlstate : "";
      }
    });
  }
  ~BusyHolder() { end(); }
  BusyHolder(const BusyHolder&) = delete;
  BusyHolder& operator=(const BusyHolder&) = delete;
  void end() {
    if (thread_.joinable()) thread_.join();
  }

  int pid = 0;
  std::string sqlstate;

 private:
  std::optional<db::Connection> connection_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a missed lock: the whole transaction again, in every scope, blockers named") {
  Workshop shop;
  add_altering(shop);
  const auto scope =
      GENERATE(TransactionScope::module, TransactionScope::run, TransactionScope::change);
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.busy");
  RecordingObserver observer;
  std::size_t named = 0;
  observer.act = [&](const Event& event) {
    if (named_miss(event) != nullptr && ++named == 3) reader.exec("COMMIT");
  };
  CHECK(deploy_with(shop, observer, impatient(scope)).done == 3);
  CHECK(shop.deployed() == "m:before m:alter m:after");
  const auto misses = observer.all<LockMissed>();
  REQUIRE(misses.size() >= 3);
  for (std::size_t i = 0; i < misses.size(); ++i) {
    CHECK(misses[i].attempt == i + 1);
    CHECK(misses[i].module == "m");
    CHECK(misses[i].change == "alter");
    CHECK(misses[i].sqlstate == "55P03");
    REQUIRE(misses[i].next_pause);
    CHECK(misses[i].next_pause->count() <= 1.0);
  }
  for (const LockMissed& missed : named_misses(observer)) {
    REQUIRE(missed.blockers.size() == 1);
    const Blocker& blocker = missed.blockers[0];
    CHECK(blocker.pid == reader.backend_pid());
    CHECK(blocker.user == reader.user());
    CHECK(blocker.state == "idle in transaction");
    CHECK(blocker.transaction_age.count() > 0);
    CHECK_THAT(blocker.query, Catch::StartsWith("BEGIN; SELECT * FROM public.busy"));
    CHECK_THAT(blocker.query_start, Catch::EndsWith("Z"));
  }
  CHECK(misses.back().waited > misses.front().waited);
  check_told_once(observer, 3);
  // What was committed before the miss is not done twice.
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.events") == "3");
}

TEST_CASE("a missed lock in a revert, and in its verify script") {
  Workshop shop;
  add_altering(shop);
  shop.deploy();
  db::Connection holder = shop.database.connect();
  RevertOptions options = revert_all();
  options.lock_timeout = "200ms";
  options.retry_for = std::chrono::minutes(10);
  RecordingObserver observer;
  std::size_t named = 0;
  observer.act = [&](const Event& event) {
    if (named_miss(event) != nullptr && ++named == 2) holder.exec("COMMIT");
  };
  SECTION("its script") {
    holder.exec("BEGIN; LOCK TABLE public.busy IN ACCESS SHARE MODE");
  }
  SECTION("a verify script that cannot look has not found the change gone") {
    shop.write("packages/m/verify/after.sql", "SELECT * FROM public.other;");
    shop.query("CREATE TABLE public.other ()");
    holder.exec("BEGIN; LOCK TABLE public.other");
  }
  pgpm::revert(shop.load(), shop.target(), options, observer, {});
  REQUIRE(named_misses(observer).size() == 2);
  CHECK(named_misses(observer)[0].blockers.size() == 1);
  CHECK(shop.deployed().empty());
  check_told_once(observer, 3);
}

TEST_CASE("a lock that stays missed: the time-out names who has it, and nothing is left") {
  Workshop shop;
  add_altering(shop);
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.busy");
  const bool is_tried_again = GENERATE(false, true);
  DeployOptions options = is_tried_again ? impatient() : patient_once();
  if (is_tried_again) options.retry_for = std::chrono::seconds(3);
  RecordingObserver observer;
  const Error error = error_of([&] { deploy_with(shop, observer, options); });
  CHECK(error.code() == ErrorCode::timed_out);
  CHECK_THAT(error.hint(), Catch::Contains(fmt::format("pid {} (", reader.backend_pid())));
  CHECK_THAT(error.hint(), Catch::Contains("--retry-for"));
  CHECK(error.database_state() == "nothing was changed");
  CHECK(shop.deployed().empty());
  const auto misses = observer.all<LockMissed>();
  REQUIRE(misses.size() >= 1);
  CHECK(is_tried_again == (misses.size() > 1));
  CHECK_FALSE(misses.back().next_pause);
  CHECK(shop.events() == "deploy m:alter 55P03");
}

TEST_CASE("a transaction that gives way is tried again without any time limit") {
  Workshop shop;
  shop.query("CREATE SEQUENCE public.attempts");
  const std::string condition = GENERATE("deadlock_detected", "serialization_failure");
  shop.add_module("m", {{"a", "CREATE TABLE a ();", "DROP TABLE a;", "TABLE a;"},
                        {"b [a]",
                         "DO $$ BEGIN IF nextval('public.attempts') < 3 THEN RAISE " + condition +
                             "; END IF; END $$;",
                         "SELECT 1;", ""}});
  RecordingObserver observer;
  CHECK(deploy_with(shop, observer, {}).done == 2);
  const auto misses = observer.all<LockMissed>();
  REQUIRE(misses.size() == 2);
  CHECK(misses[0].sqlstate == (condition == "deadlock_detected" ? "40P01" : "40001"));
  CHECK(misses[0].blockers.empty());
  check_told_once(observer, 2);
}

TEST_CASE("a change that went well in a transaction tried again may fail the next time") {
  Workshop shop;
  add_altering(shop);
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.busy");
  RecordingObserver observer;
  observer.act = [&](const Event& event) {
    if (!std::holds_alternative<LockMissed>(event)) return;
    reader.exec("COMMIT");
    shop.query("CREATE TABLE public.before ()");
  };
  const Error error = error_of([&] { deploy_with(shop, observer, impatient()); });
  CHECK(error.server()->sqlstate == "42P07");
  const auto finished = observer.all<ChangeFinished>();
  CHECK(observer.all<ChangeStarted>().size() == finished.size());
  const auto failed = std::find_if(finished.begin(), finished.end(),
                                   [](const auto& one) { return one.outcome == Outcome::failed; });
  REQUIRE(failed != finished.end());
  CHECK(failed->change == "before");
  CHECK(failed->index == 1);
}

TEST_CASE("a stop while nobody waits for the server ends the run") {
  Workshop shop;
  add_altering(shop);
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.busy");
  std::stop_source stop;
  RecordingObserver observer;
  observer.act = [&](const Event& event) {
    if (std::holds_alternative<LockMissed>(event)) stop.request_stop();
  };
  const Error error = error_of([&] { deploy_with(shop, observer, impatient(), stop.get_token()); });
  CHECK(error.code() == ErrorCode::interrupted);
  CHECK(error.database_state() == "nothing was changed");
  CHECK(observer.all<ChangeStarted>().size() == observer.all<ChangeFinished>().size());
  CHECK(shop.query("SELECT outcome FROM pgpm_migrate.runs") == "interrupted");
}

TEST_CASE("--evict puts just the named blockers out of the way") {
  Workshop shop;
  add_altering(shop);
  DeployOptions options = impatient();
  RecordingObserver observer;
  SECTION("a session that idles in its transaction is ended") {
    db::Connection reader = shop.database.connect();
    reader.exec("BEGIN; SELECT * FROM public.busy");
    options.evict.idle_in_transaction = true;
    CHECK(deploy_with(shop, observer, options).done == 3);
    const auto evicted = observer.all<BlockerEvicted>();
    REQUIRE(evicted.size() == 1);
    CHECK(evicted[0].blocker.pid == reader.backend_pid());
    CHECK(evicted[0].session_ended);
    CHECK(evicted[0].refusal.empty());
    CHECK(error_of([&] { reader.exec("SELECT 1"); }).code() == ErrorCode::connection);
  }
  SECTION("of an application that works the query is cancelled") {
    BusyHolder holder(shop, "nightly report");
    options.evict.applications = {"another", "nightly report"};
    CHECK(deploy_with(shop, observer, options).done == 3);
    holder.end();
    CHECK(holder.sqlstate == "57014");
    const auto evicted = observer.all<BlockerEvicted>();
    REQUIRE(evicted.size() == 1);
    CHECK(evicted[0].blocker.application == "nightly report");
    CHECK_FALSE(evicted[0].session_ended);
    const Blocker named = named_misses(observer).at(0).blockers.at(0);
    CHECK(named.query == "SELECT pg_sleep(3600)");
    CHECK(named.state == "active");
  }
  SECTION("everybody else is left alone") {
    db::Connection reader = shop.database.connect();
    reader.exec("BEGIN; SELECT * FROM public.busy");
    options.evict.applications = {"another"};
    options.evict.autovacuum = true;
    options.retry_for = std::chrono::seconds(2);
    CHECK(error_of([&] { deploy_with(shop, observer, options); }).code() == ErrorCode::timed_out);
    CHECK_FALSE(named_misses(observer).empty());
    CHECK(observer.all<BlockerEvicted>().empty());
    reader.exec("COMMIT");
  }
}

TEST_CASE("what blockers run is shown only if it may be, and never a password") {
  Workshop shop;
  add_altering(shop);
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.busy");
  DeployOptions options = patient_once();
  RecordingObserver observer;
  SECTION("not wanted") {
    options.show_queries = false;
    CHECK(error_of([&] { deploy_with(shop, observer, options); }).code() == ErrorCode::timed_out);
    CHECK(observer.all<LockMissed>().at(0).blockers.at(0).query.empty());
  }
  SECTION("a password") {
    reader.exec("SELECT $$ALTER ROLE x Password 's3cret'$$");
    CHECK(error_of([&] { deploy_with(shop, observer, options); }).code() == ErrorCode::timed_out);
    CHECK(observer.all<LockMissed>().at(0).blockers.at(0).query ==
          "SELECT $$ALTER ROLE x Password ***");
  }
}

TEST_CASE("a long wait without any limit is told, too") {
  Workshop shop;
  add_altering(shop);
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; SELECT * FROM public.busy");
  RecordingObserver observer;
  observer.act = [&](const Event& event) {
    if (std::holds_alternative<LockAwaited>(event)) reader.exec("COMMIT");
  };
  CHECK(deploy_with(shop, observer, {}).done == 3);
  const auto awaited = observer.all<LockAwaited>();
  REQUIRE(awaited.size() == 1);
  CHECK(awaited[0].blockers.at(0).pid == reader.backend_pid());
  CHECK(observer.all<LockMissed>().empty());
}

TEST_CASE("a prepared transaction in the way has no session, but a name for what it is") {
  Workshop shop;
  if (shop.query("SHOW max_prepared_transactions") == "0") return;
  add_altering(shop);
  db::Connection other = shop.database.connect();
  other.exec("BEGIN; LOCK TABLE public.busy; PREPARE TRANSACTION 'forgotten'");
  RecordingObserver observer;
  observer.act = [&](const Event& event) {
    if (named_miss(event) != nullptr) other.exec("ROLLBACK PREPARED 'forgotten'");
  };
  CHECK(deploy_with(shop, observer, impatient()).done == 3);
  const Blocker blocker = named_misses(observer).at(0).blockers.at(0);
  CHECK(blocker.pid == 0);
  CHECK(blocker.state == "prepared transaction");
}
