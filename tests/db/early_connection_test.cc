// The connection that is opened while the workspace is read: the run that takes it sees what it
// would have seen without, and nobody who does not need it learns of it.
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "pgpm/early_connection.h"
#include "tests/support/named_sessions.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("a deploy works on the connection that was opened early") {
  Workshop shop;
  shop.add_module("simple", {{"who",
                              "CREATE TABLE who AS SELECT current_setting('application_name') AS"
                              " name, current_setting('lock_timeout') AS lock_timeout;",
                              "DROP TABLE who;"}});
  DeployOptions options;
  options.lock_timeout = "7s";
  options.verify = false;
  options.early = connect_early(named(shop.database, "early"), options, {});
  REQUIRE(options.early != nullptr);
  CHECK(shop.deploy(options).done == 1);
  CHECK(shop.query("SELECT name, lock_timeout FROM who") == "early|7s");
  // It was good for one run; the next opens its own.
  CHECK(shop.deploy(options).done == 0);
  options.early.reset();
  CHECK(sessions_left(shop.database, "early") == "0");
}

TEST_CASE("why there is no connection is told to who needs it") {
  TestDatabase database;
  Target target = database.target();
  target.database = "not_there";
  Workshop shop;
  shop.add_module("simple", {{"a", "SELECT 1;", "SELECT 1;"}});
  const Workspace workspace = shop.load();
  const auto told = [&](const DeployOptions& options) {
    return error_of([&] { deploy(workspace, target, options, shop.observer, {}); });
  };
  DeployOptions options;
  const Error late = told(options);
  options.early = connect_early(target, options, {});
  const Error early = told(options);
  CHECK(early.code() == ErrorCode::connection);
  CHECK(std::string(early.what()) == late.what());
  CHECK(early.hint() == late.hint());
}

TEST_CASE("nobody takes it: it goes away with who holds it") {
  TestDatabase database;
  { const auto early = connect_early(named(database, "unwanted"), RunOptions{}, {}); }
  CHECK(sessions_left(database, "unwanted") == "0");
}

TEST_CASE("a stop before and after it was taken") {
  Workshop shop;
  shop.add_module("simple", {{"a", "SELECT pg_sleep(1000);", "SELECT 1;"}});
  const bool before = GENERATE(true, false);
  DeployOptions options;
  options.verify = false;
  std::stop_source caller, verb;
  options.early = connect_early(shop.database.target(), options, caller.get_token());
  if (before) caller.request_stop();
  shop.set_stop(verb.get_token());
  std::jthread later([&](const std::stop_token& done) {
    const std::string asleep =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '" +
        shop.database.name() + "'";
    while (!before && !done.stop_requested() && shop.query(asleep) == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    verb.request_stop();
  });
  CHECK(error_of([&] { shop.deploy(options); }).code() == ErrorCode::interrupted);
  later = {};
  CHECK(shop.deployed().empty());
}

TEST_CASE("where a name would have to be looked up it is not tried") {
  Target target;
  target.host = "db.example.com";
  CHECK(connect_early(target, RunOptions{}, {}) == nullptr);
}
