// The proxy of the fault tests: late, pipelined, cut.
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "engine/db/batch.h"
#include "tests/faults/proxy.h"
#include "tests/support/test_database.h"

using namespace pgpm;
using namespace pgpm::tests;
using namespace std::chrono_literals;

namespace {

class Passage {
 public:
  Passage(const TestDatabase& database, std::chrono::nanoseconds one_way, Proxy::Watch watch = {})
      : proxy_({database.target().host, std::stoi(database.target().port)}, one_way,
               std::move(watch)),
        target_(database.target()),
        thread_([this](const std::stop_token& stop) { proxy_.run(stop); }) {
    target_.host = "127.0.0.1";
    target_.port = std::to_string(proxy_.port());
  }
  const Target& target() const { return target_; }

 private:
  Proxy proxy_;
  Target target_;
  std::jthread thread_;
};

}  // namespace

TEST_CASE("a round trip through the proxy takes the delay both ways") {
  TestDatabase database;
  Passage passage(database, 10ms);
  db::Connection connection = db::Connection::open(passage.target());
  const auto begin = std::chrono::steady_clock::now();
  CHECK(connection.exec("SELECT 1").integer(0, 0) == 1);
  CHECK(std::chrono::steady_clock::now() - begin >= 20ms);
}

TEST_CASE("many messages are late together, not one after the other") {
  TestDatabase database;
  std::size_t messages = 0;
  std::size_t most = 0;
  Passage passage(database, 5ms, [&](const Passing& passing) {
    ++messages;
    most = std::max(most, passing.message.bytes.size());
    return WireFate::pass;
  });
  db::Connection connection = db::Connection::open(passage.target());
  const db::Result rows =
      connection.exec("SELECT i, repeat('x', 100000) FROM generate_series(1, 200) AS i");
  REQUIRE(rows.rows() == 200);
  CHECK(rows.integer(199, 0) == 200);
  CHECK(messages > 200);
  CHECK(most > 100000);
}

TEST_CASE("a cut connection is closed at both ends, its message lost") {
  TestDatabase database;
  database.exec("CREATE TABLE t (i int)");
  for (const bool lost : {true, false}) {
    CAPTURE(lost);
    Passage passage(database, 0ns, [&](const Passing& passing) {
      if (passing.message.bytes.find("INSERT INTO t") == std::string::npos) return WireFate::pass;
      return lost ? WireFate::cut : WireFate::pass_then_cut;
    });
    db::Connection connection = db::Connection::open(passage.target());
    const std::string gone = "SELECT count(*) FROM pg_stat_activity WHERE pid = " +
                             std::to_string(connection.backend_pid());
    CHECK_THROWS(connection.exec("INSERT INTO t VALUES (1)"));
    while (database.query_text(gone) != "0") std::this_thread::sleep_for(1ms);
    CHECK(database.query_text("SELECT count(*) FROM t") == (lost ? "0" : "1"));
  }
}

TEST_CASE("encryption is refused, the session goes on without") {
  TestDatabase database;
  Passage passage(database, 0ns);
  Target target = passage.target();
  target.dsn = Secret("sslmode=prefer");
  CHECK(db::Connection::open(target).exec("SELECT 1").rows() == 1);
}
