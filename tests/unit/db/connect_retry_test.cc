// Which failures to connect are tried again, and how often.
#include "engine/db/connect_retry.h"

#include <catch2/catch.hpp>

using namespace pgpm;
using namespace pgpm::db;

namespace {

Error with_state(const std::string& sqlstate) {
  ServerMessage message;
  message.sqlstate = sqlstate;
  return Error(ErrorCode::connection, "no").from_server(message);
}

Error with_text(const std::string& text) {
  return Error(ErrorCode::connection, text);
}

/// How often a server is asked that always answers like this.
int attempts(const Error& failure) {
  int count = 0;
  ConnectRetries quick;
  quick.first_pause = std::chrono::milliseconds(0);
  CHECK_THROWS_AS(open_patiently(
                      [&]() -> Connection {
                        ++count;
                        throw failure;
                      },
                      quick, {}, {}),
                  Error);
  return count;
}

}  // namespace

TEST_CASE("what may be over in a moment is transient") {
  for (const char* state :
       {"08000", "08006", "53300", "53400", "57P01", "57P02", "57P03", "40001", "40P01", "55P03"}) {
    INFO(state);
    CHECK(is_transient(with_state(state)));
  }
  for (const char* state :
       {"57014", "57P04", "28P01", "28000", "3D000", "42501", "22023", "XX000"}) {
    INFO(state);
    CHECK_FALSE(is_transient(with_state(state)));
  }
}

TEST_CASE("without a server's answer the network's words count") {
  for (const char* text :
       {"connection to server at \"h\" (127.0.0.1), port 1 failed: Connection refused",
        "connection to server on socket \"/x/.s.PGSQL.1\" failed: No such file or directory",
        "connection to server at \"h\", port 1 failed: No route to host",
        "connection to server at \"h\", port 1 failed: Connection timed out",
        "could not receive data from server: Connection reset by peer",
        "connection to server failed: server closed the connection unexpectedly"}) {
    INFO(text);
    CHECK(is_transient(with_text(text)));
  }
  for (const char* text :
       {"could not translate host name \"nowhere\" to address: Name or service not known",
        "fe_sendauth: no password supplied", "the server did not answer in time",
        "SSL error: certificate verify failed", "root certificate file \"x\" does not exist",
        "could not open certificate file \"x\": No such file or directory",
        "could not load private key file \"x\": No such file or directory",
        "invalid sslmode value: \"x\""}) {
    INFO(text);
    CHECK_FALSE(is_transient(with_text(text)));
  }
  CHECK_FALSE(is_transient(Error(ErrorCode::interrupted, "Connection refused")));
}

TEST_CASE("transient failures are tried four times, others once") {
  CHECK(attempts(with_state("57P03")) == 4);
  CHECK(attempts(with_text("Connection refused")) == 4);
  CHECK(attempts(with_state("28P01")) == 1);
  int count = 0;
  ConnectRetries quick;
  quick.first_pause = std::chrono::milliseconds(0);
  std::vector<int> told;
  CHECK_THROWS_AS(
      open_patiently(
          [&]() -> Connection { throw ++count == 1 ? with_state("57P03") : with_state("28P01"); },
          quick, {}, [&](const Error&, int next) { told.push_back(next); }),
      Error);
  CHECK(count == 2);
  CHECK(told == std::vector<int>{2});
}

TEST_CASE("a stop ends the pause") {
  std::stop_source stop;
  ConnectRetries slow;
  slow.first_pause = std::chrono::hours(1);
  slow.longest_pause = std::chrono::hours(1);
  try {
    open_patiently([&]() -> Connection { throw with_state("57P03"); }, slow, stop.get_token(),
                   [&](const Error&, int) { stop.request_stop(); });
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::interrupted);
  }
}
