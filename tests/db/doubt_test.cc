// The connection breaks while an answer is under way, or the client dies in the middle of a
// statement: what is told, and what the server goes on with.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "tests/faults/proxy.h"
#include "tests/support/fixtures.h"
#include "tests/support/onlooker.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

void add_three(Workshop& shop) {
  shop.add_module("m", {{"a", "CREATE TABLE a (id int);", "DROP TABLE a;"},
                        {"b", "CREATE TABLE b (id int);", "DROP TABLE b;"},
                        {"c", "CREATE TABLE c (id int);", "DROP TABLE c;"}});
}

bool is_query_with(const faults::Passing& passing, std::string_view text) {
  return passing.sender == faults::Sender::client && passing.type == 'Q' &&
         passing.bytes.find(text) != std::string_view::npos;
}

/// A link to the test server that breaks when the first bytes of the answer to the query with this
/// text come by: the server has done all of it by then.
class LosesAnswer {
 public:
  LosesAnswer(const std::string& host, std::string text)
      : text_(std::move(text)), proxy_({host, "5432", {}, [this](const faults::Passing& passing) {
                                          return judge(passing);
                                        }}) {}
  int port() const { return proxy_.port(); }

 private:
  faults::Verdict judge(const faults::Passing& passing) {
    if (passing.sender == faults::Sender::server && asked_ && !broken_) {
      broken_ = true;
      return faults::Verdict::cut;
    }
    asked_ |= is_query_with(passing, text_);
    return faults::Verdict::pass;
  }

  std::string text_;
  bool asked_ = false, broken_ = false;
  faults::Proxy proxy_;
};

}  // namespace

TEST_CASE("a COMMIT went through, but its answer was lost: the ledger is asked") {
  Workshop shop;
  add_three(shop);
  DeployOptions options;
  std::string text, state, left;
  SECTION("of the whole run") {
    text = "CREATE TABLE c ";
    state = "all 3 changes are committed, says the ledger: just the answer was lost";
    left = "m:a m:b m:c";
  }
  SECTION("of some changes") {
    options.scope = TransactionScope::change;
    shop.write("packages/m/deploy/c.sql", "SELECT pg_terminate_backend(pg_backend_pid());");
    text = "CREATE TABLE b ";
    state =
        "2 changes of m are committed and stay; everything after was rolled back; so says the "
        "ledger, which was asked since the connection was lost";
    left = "m:a m:b";
  }
  SECTION("of nothing: it was the start of the run") {
    text = "INSERT INTO pgpm_migrate.runs";
    state = "";
    left = "";
  }
  const std::string host = db::Connection::open(shop.target()).host();
  const LosesAnswer link(host, text);
  Target through = shop.target();
  through.host = "127.0.0.1";
  through.port = std::to_string(link.port());
  RecordingObserver observer;
  const Error error = error_of([&] { deploy(shop.load(), through, options, observer, {}, {}); });
  CHECK(error.code() == ErrorCode::connection);
  if (!state.empty()) CHECK(error.database_state() == state);
  CHECK(shop.deployed() == left);
  if (left == "m:a m:b") add_three(shop);
  shop.deploy();
  CHECK(shop.deployed() == "m:a m:b m:c");
}

TEST_CASE(
    "a server that can ends the session of a client that died, in the middle of a statement") {
  Workshop shop;
  if (shop.query("SELECT count(*) FROM pg_settings "
                 "WHERE name = 'client_connection_check_interval'") == "0") {
    WARN("skipped: the server cannot look for dead clients before version 14");
    return;
  }
  add_three(shop);
  shop.write("packages/m/deploy/c.sql", "SELECT pg_sleep(3600);");
  db::Connection looking = db::Connection::open(shop.target());
  const pid_t child = fork();
  if (child == 0) {
    RecordingObserver observer;
    try {
      deploy(shop.load(), shop.target(), {}, observer, {}, {});
    } catch (...) {
    }
    _exit(0);
  }
  Onlooker::wait_for(looking, sleeping);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while (looking.exec(std::string("SELECT count(*) FROM pg_stat_activity WHERE ") + sleeping)
             .integer(0, 0) > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(shop.deployed().empty());
}
