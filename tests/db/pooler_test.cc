// PgBouncer between here and the server, in each of its modes.
#include <catch2/catch.hpp>

#include "tests/support/fixtures.h"
#include "tests/support/pooler.h"
#include "tests/support/test_server.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

void require_pooler() {
  if (!Pooler::is_installed())
    skip_all("PgBouncer is not installed (third_party/install.sh pooler)");
}

}  // namespace

TEST_CASE("poolers that share sessions are refused, with the reason") {
  require_pooler();
  Workshop shop;
  add_simple(shop);
  const std::string mode = GENERATE("transaction", "statement");
  const int pool_size = GENERATE(1, 20);
  const std::string more = GENERATE("", "ignore_startup_parameters = options");
  CAPTURE(mode, pool_size, more);
  const Pooler pooler(shop.target(), mode, pool_size, more);
  DeployOptions options;
  options.lock_timeout = "5s";
  const Error error = error_of(
      [&] { deploy(shop.load(), pooler.target(shop.target()), options, shop.observer, {}); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK_THAT(error.what(), Catch::Contains(mode + " mode"));
  CHECK_THAT(error.hint(), Catch::Contains("session mode"));
  CHECK_FALSE(shop.has_ledger());
  CHECK(shop.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0");
}

TEST_CASE("a pooler in session mode will do, settings and all") {
  require_pooler();
  Workshop shop;
  const int pool_size = GENERATE(1, 20);
  const std::string more = GENERATE("", "ignore_startup_parameters = options");
  CAPTURE(pool_size, more);
  const Pooler pooler(shop.target(), "session", pool_size, more);
  shop.add_module("m", {{"a", "SET lock_timeout = 0; RESET ALL; CREATE TABLE a ();",
                         "DROP TABLE a;", "TABLE a;"},
                        {"b [a]",
                         "CREATE TABLE b AS SELECT current_setting('lock_timeout') AS l, "
                         "current_setting('application_name') AS a, "
                         "current_setting('client_encoding') AS e;",
                         "DROP TABLE b;", "TABLE b;"}});
  const Target through = pooler.target(shop.target());
  DeployOptions options;
  options.lock_timeout = "7s";
  options.scope = TransactionScope::change;
  CHECK(deploy(shop.load(), through, options, shop.observer, {}).done == 2);
  CHECK(shop.query("TABLE b") == "7s|pgpm test|UTF8");
  RevertOptions all = revert_all();
  all.lock_timeout = "7s";
  CHECK(revert(shop.load(), through, all, shop.observer, {}).done == 2);
  CHECK(shop.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0");
}

TEST_CASE("behind a pooler, blockers are named and the run lock works") {
  require_pooler();
  Workshop shop;
  shop.query("CREATE TABLE busy ()");
  shop.add_module("m", {{"alter", "ALTER TABLE busy ADD x int;", "", ""}});
  const Pooler pooler(shop.target(), "session");
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; TABLE busy");
  DeployOptions options;
  options.lock_timeout = "300ms";
  options.retry_for = {};
  const Error error = error_of(
      [&] { deploy(shop.load(), pooler.target(shop.target()), options, shop.observer, {}); });
  CHECK(error.code() == ErrorCode::timed_out);
  const auto misses = shop.observer.all<LockMissed>();
  REQUIRE(misses.size() == 1);
  REQUIRE(misses[0].blockers.size() == 1);
  CHECK(misses[0].blockers[0].pid == reader.backend_pid());
}
