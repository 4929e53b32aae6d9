// A COMMIT whose answer is lost: the ledger is asked what became of it.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/faults/proxy.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

ScriptedChange table(const std::string& name) {
  return {name, "CREATE TABLE " + name + " ();", "DROP TABLE " + name + ";",
          "SELECT FROM " + name + ";"};
}

/// The error of a deploy whose connection is cut in place of the server's `nth` COMMIT (from 1), or
/// right before the message with it reaches the server.
Error deploy_and_cut(Workshop& shop, DeployOptions options, std::size_t nth, From side) {
  std::size_t commits = 0;
  bool cut = false;
  const Proxy::Watch watch = [&](const Passing& passing) {
    if (cut || passing.from != side) return WireFate::pass;
    const bool server = side == From::server;
    const std::string& bytes = passing.message.bytes;
    // Our ledger's rows travel in the message whose COMMIT counts; start_run() is none.
    const bool commits_here =
        server ? passing.message.type == 'C' && bytes.find("COMMIT") != std::string::npos
               : bytes.find("COMMIT") != std::string::npos;
    if (!commits_here || ++commits != nth) return WireFate::pass;
    cut = true;
    return WireFate::cut;
  };
  Target target = shop.target();
  Proxy proxy({target.host, std::stoi(target.port)}, std::chrono::nanoseconds(0), watch);
  const std::jthread passing([&](const std::stop_token& stop) { proxy.run(stop); });
  target.host = "127.0.0.1";
  target.port = std::to_string(proxy.port());
  RecordingObserver observer;
  return error_of([&] { deploy(shop.load(), target, options, observer, {}); });
}

}  // namespace

TEST_CASE("a COMMIT that went through although its answer was lost is told as that") {
  Workshop shop;
  shop.add_module("m", {table("a"), table("b")});
  shop.deploy();  // the ledger is there
  shop.add_module("n", {table("c"), table("d")});
  const Error error = deploy_and_cut(shop, {}, 1, From::server);
  CHECK(error.code() == ErrorCode::connection);
  CHECK(error.database_state() ==
        "the connection was lost; the ledger, asked anew, says: all 2 changes of the run are "
        "committed, nothing is left "
        "to do");
  CHECK(shop.deployed() == "m:a m:b n:c n:d");
  CHECK(shop.deploy().done == 0);
}

TEST_CASE("a COMMIT that never reached the server is told as that") {
  Workshop shop;
  shop.add_module("m", {table("a")});
  shop.deploy();
  shop.add_module("n", {table("c"), table("d")});
  const Error error = deploy_and_cut(shop, {}, 1, From::client);
  CHECK(error.database_state() ==
        "the connection was lost; the ledger, asked anew, says: none of the run's changes is "
        "committed");
  CHECK(shop.deployed() == "m:a");
  CHECK(shop.deploy().done == 2);
}

TEST_CASE("what is committed change by change is counted by the ledger") {
  Workshop shop;
  shop.add_module("m", {table("a")});
  shop.deploy();
  shop.add_module(
      "n", {table("c"), {"d", "-- pgpm: no-transaction\nVACUUM;", "SELECT 1;", ""}, table("e")});
  const Error error = deploy_and_cut(shop, {}, 1, From::server);
  CHECK(error.database_state() ==
        "the connection was lost; the ledger, asked anew, says: 1 change of n is committed and "
        "stays; everything after "
        "was rolled back");
  CHECK(shop.deployed() == "m:a n:c");
  CHECK(shop.deploy().done == 2);
}
