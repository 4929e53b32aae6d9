// Several runs at once on one database (decision D8, surprise 13): one works, the others wait, and
// every change is deployed once.
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "tests/support/fixtures.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// A deploy on a thread of its own, and how it ended.
class Deployer {
 public:
  explicit Deployer(Workshop& shop, DeployOptions options = {}, std::stop_token stop = {})
      : workspace_(shop.load()), target_(shop.target()), options_(std::move(options)) {
    target_.application = "pgpm deploy";
    thread_ = std::jthread([this, stop] { run(stop); });
  }

  void join() {
    if (thread_.joinable()) thread_.join();
  }
  const RunReport& report() {
    join();
    return report_;
  }
  const std::optional<Error>& error() {
    join();
    return error_;
  }
  const RecordingObserver& observer() {
    join();
    return observer_;
  }

 private:
  void run(const std::stop_token& stop) {
    try {
      report_ = deploy(workspace_, target_, options_, observer_, stop);
    } catch (const Error& error) {
      error_ = error;
    }
  }

  Workspace workspace_;
  Target target_;
  DeployOptions options_;
  RecordingObserver observer_;
  RunReport report_;
  std::optional<Error> error_;
  std::jthread thread_;
};

/// simple, whose second change waits for a lock that the test's own session holds until open().
class Gate {
 public:
  explicit Gate(Workshop& shop) : shop_(shop), watch_(shop.database.connect()) {
    add_simple(shop);
    shop.write("packages/simple/deploy/table.sql",
               "SELECT pg_advisory_xact_lock(4711); CREATE TABLE shop.t (id int);");
    shop.query("SELECT pg_advisory_lock(4711)");
  }
  /// Waits until a deployer stands before it.
  int wait_for_one() { return Onlooker::wait_for(watch_, blocked); }
  /// Waits until somebody asks for the run lock, and found it held.
  void wait_for_waiter() {
    Onlooker::wait_for(watch_,
                       "state = 'idle' AND application_name = 'pgpm deploy' AND query LIKE "
                       "'%pg_catalog.pg_locks%'");
  }
  void open() { shop_.query("SELECT pg_advisory_unlock(4711)"); }
  void terminate_holder(int pid) { terminate(watch_, pid); }

 private:
  Workshop& shop_;
  db::Connection watch_;
};

}  // namespace

TEST_CASE("two deployers: the second waits, told for whom, and finds nothing left to do") {
  Workshop shop;
  Gate gate(shop);
  Deployer first(shop);
  const int holder = gate.wait_for_one();
  Deployer second(shop);
  gate.wait_for_waiter();
  gate.open();
  CHECK_FALSE(first.error());
  CHECK_FALSE(second.error());
  CHECK(first.report().done == 3);
  CHECK(second.report().done == 0);
  CHECK(second.report().skipped == 3);
  const auto waiting = second.observer().all<LockWaiting>();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting.front().pid == holder);
  CHECK(waiting.front().command == "deploy");
  CHECK(waiting.front().user == shop.query("SELECT session_user"));
  CHECK(shop.events() == "deploy simple:schema ok\ndeploy simple:table ok\ndeploy simple:index ok");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "1");
}

TEST_CASE("many first deploys at once all succeed, each change once") {
  Workshop shop;
  add_simple(shop);
  std::vector<std::unique_ptr<Deployer>> deployers;
  for (int i = 0; i < 5; ++i) deployers.push_back(std::make_unique<Deployer>(shop));
  std::size_t done = 0;
  for (const auto& deployer : deployers) {
    if (deployer->error()) FAIL(deployer->error()->what());
    done += deployer->report().done;
  }
  CHECK(done == 3);
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
}

TEST_CASE("who does not want to wait is told who holds the lock") {
  Workshop shop;
  Gate gate(shop);
  Deployer first(shop);
  const int holder = gate.wait_for_one();
  DeployOptions options;
  options.lock_wait = std::chrono::milliseconds(0);
  const Error error = error_of([&] { shop.deploy(options); });
  CHECK(error.code() == ErrorCode::lock_held);
  CHECK_THAT(std::string(error.what()), Catch::Contains("pid " + std::to_string(holder)) &&
                                            Catch::Contains("pgpm deploy"));
  CHECK(error.database_state() == "nothing was changed");
  RevertOptions revert = revert_all();
  revert.lock_wait = options.lock_wait;
  SECTION("a revert finds nothing to do, and needs no lock") {
    CHECK(shop.revert(revert).done == 0);
  }
  SECTION("reading goes on") {
    CHECK(shop.module_status().pending.size() == 3);
    CHECK(shop.verify().done == 0);
  }
  gate.open();
  CHECK_FALSE(first.error());
}

TEST_CASE("a holder that is killed makes room, and what it did is done again") {
  Workshop shop;
  Gate gate(shop);
  Deployer first(shop);
  const int holder = gate.wait_for_one();
  Deployer second(shop);
  gate.wait_for_waiter();
  gate.terminate_holder(holder);
  gate.open();
  REQUIRE(first.error());
  CHECK(first.error()->code() == ErrorCode::connection);
  CHECK_FALSE(second.error());
  CHECK(second.report().done == 3);
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");
  CHECK(shop.query("SELECT outcome FROM pgpm_migrate.runs ORDER BY run_id") == "\nok");
}

TEST_CASE("waiting can be interrupted") {
  Workshop shop;
  Gate gate(shop);
  Deployer first(shop);
  gate.wait_for_one();
  std::stop_source stop;
  Deployer second(shop, {}, stop.get_token());
  gate.wait_for_waiter();
  stop.request_stop();
  REQUIRE(second.error());
  CHECK(second.error()->code() == ErrorCode::interrupted);
  CHECK(second.error()->database_state() == "nothing was changed");
  gate.open();
  CHECK_FALSE(first.error());
}

TEST_CASE("the lock is given back after a failure, and is each database's own") {
  Workshop shop, other;
  add_simple(shop);
  add_simple(other);
  shop.write("packages/simple/deploy/table.sql", "SELECT 1/0;");
  DeployOptions options;
  options.lock_wait = std::chrono::milliseconds(0);
  error_of([&] { shop.deploy(options); });
  shop.write("packages/simple/deploy/table.sql", "CREATE TABLE shop.t (id int);");
  CHECK(shop.deploy(options).done == 3);
  Gate gate(other);
  Deployer first(other);
  gate.wait_for_one();
  CHECK(shop.revert(revert_all()).done == 3);
  gate.open();
  CHECK_FALSE(first.error());
}
