// A primary and its hot standby, named together as libpq's tools name them.
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "pgpm/local_server.h"
#include "tests/support/beside_server.h"
#include "tests/support/fixtures.h"
#include "tests/support/test_server.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// Where the server's other programs are: PATH may lead to links to some of them.
std::string programs() {
  const auto found = find_server_binaries();
  if (!found) skip_all("no PostgreSQL server programs are installed");
  const auto bin = std::filesystem::canonical(*found / "postgres").parent_path();
  if (!std::filesystem::exists(bin / "pg_basebackup")) skip_all("there is no pg_basebackup");
  return bin.string();
}

/// A copy of the test server that follows it, on the same machine.
class Standby {
 public:
  Standby() {
    db::Connection primary = db::Connection::open(test_server());
    host = primary.host();
    std::string pattern = std::filesystem::temp_directory_path() / "pgpm-standby-XXXXXX";
    dir = mkdtemp(pattern.data());
    const std::string bin = programs();
    const std::string data = dir / "data";
    const int copying = start_beside(
        host, dir,
        {bin + "/pg_basebackup", "-h", host, "-p", primary.exec("SHOW port").str(0, 0), "-U",
         primary.user(), "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync"});
    int status = -1;
    REQUIRE(waitpid(copying, &status, 0) == copying);
    REQUIRE(status == 0);
    pid_ = start_beside(host, dir,
                        {bin + "/postgres", "-D", data, "-k", dir.string(), "-c", "port=5999", "-c",
                         "listen_addresses=", "-c", "max_connections=60", "-c", "fsync=off"});
  }
  ~Standby() {
    kill(pid_, SIGQUIT);
    waitpid(pid_, nullptr, 0);
    std::error_code error;
    std::filesystem::remove_all(dir, error);
  }
  Standby(const Standby&) = delete;
  Standby& operator=(const Standby&) = delete;

  /// Both, the standby first.
  Target both(const Target& database, const std::string& attributes) const {
    const db::Connection primary = db::Connection::open(database);
    Target target;
    target.dsn =
        Secret(fmt::format("host={},{} port=5999,5432 dbname={} user={} "
                           "target_session_attrs={}",
                           dir.string(), host, primary.database(), primary.user(), attributes));
    return target;
  }
  /// Waits until it has what the primary has now.
  void catch_up(db::Connection& primary, const Target& database) const {
    const std::string wanted = primary.exec("SELECT pg_current_wal_flush_lsn()").str(0, 0);
    while (true) {
      try {
        db::Connection standby = db::Connection::open(both(database, "any"));
        if (standby.query("SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn", {wanted}).boolean(0, 0))
          return;
      } catch (const Error&) {
        // It is starting, or has no such database yet.
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::string host;
  std::filesystem::path dir;

 private:
  int pid_ = 0;
};

}  // namespace

TEST_CASE("several hosts: the one that takes writes is found, and nobody writes to a standby") {
  Workshop shop;
  add_simple(shop);
  if (db::Connection::open(test_server()).host().find('/') != 0)
    skip_all("the test server is not on this machine");
  const Standby standby;
  standby.catch_up(shop.database.connection(), shop.target());
  const Workspace workspace = shop.load();
  const Error refused = error_of(
      [&] { deploy(workspace, standby.both(shop.target(), "any"), {}, shop.observer, {}); });
  CHECK(refused.code() == ErrorCode::refused);
  CHECK_THAT(refused.what(), Catch::Contains("hot standby"));
  CHECK_FALSE(shop.has_ledger());

  const Target writable = standby.both(shop.target(), "read-write");
  CHECK(deploy(workspace, writable, {}, shop.observer, {}).done == 3);
  CHECK(shop.deployed() == "simple:schema simple:table simple:index");

  // The session that looks at blockers goes where the first one went.
  shop.write("packages/simple/verify/index.sql", "SELECT 1;");
  db::Connection reader = shop.database.connect();
  reader.exec("BEGIN; TABLE shop.t");
  RevertOptions options = revert_all();
  options.lock_timeout = "300ms";
  options.retry_for = {};
  CHECK(error_of([&] { revert(shop.load(), writable, options, shop.observer, {}); }).code() ==
        ErrorCode::timed_out);
  const auto misses = shop.observer.all<LockMissed>();
  REQUIRE_FALSE(misses.empty());
  REQUIRE(misses.back().blockers.size() == 1);
  CHECK(misses.back().blockers[0].pid == reader.backend_pid());
  reader.exec("COMMIT");

  standby.catch_up(shop.database.connection(), shop.target());
  CHECK(status(workspace, standby.both(shop.target(), "any"), {}, {}).modules.at(0).deployed == 3);
}
