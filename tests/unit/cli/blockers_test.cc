// Sessions in the way, as people read them.
#include "cli/render/blockers.h"

#include <catch2/catch.hpp>

using namespace pgpm;
using namespace pgpm::cli;

namespace {

Blocker session() {
  Blocker blocker;
  blocker.pid = 4711;
  blocker.user = "app";
  blocker.application = "shop\x1b[31m";
  blocker.state = "idle in transaction";
  blocker.transaction_age = Seconds(12);
  blocker.query_start = "2024-01-15T10:00:00.000000Z";
  blocker.query = "SELECT dblink('password=s3cret')";
  return blocker;
}

}  // namespace

TEST_CASE("a blocker on one line, printable and without secrets") {
  const std::string text = show_blocker(session());
  CHECK_THAT(text, Catch::StartsWith("pid 4711, user app, application shop"));
  CHECK_THAT(text, Catch::Contains("idle in transaction, in its transaction for 12"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("s3cret") == std::string::npos);
}

TEST_CASE("what a role may not see is left out") {
  Blocker blocker;
  blocker.pid = 7;
  CHECK(show_blocker(blocker) == "pid 7");
  blocker.pid = 0;
  blocker.state = "prepared transaction";
  CHECK(show_blocker(blocker) == "no session, prepared transaction");
}

TEST_CASE("misses say what happened and what comes next") {
  LockMissed miss{"shop", "users", 3, "55P03", Seconds(2), Seconds(0.5), {}};
  CHECK_THAT(show_miss(miss),
             Catch::StartsWith("shop:users did not get a lock in time (attempt 3,") &&
                 Catch::Contains("again in 500 ms"));
  miss.sqlstate = "40P01";
  miss.next_pause.reset();
  CHECK_THAT(show_miss(miss),
             Catch::Contains("gave way in a deadlock") && Catch::EndsWith("not tried again"));
  miss.change.clear();
  CHECK_THAT(show_miss(miss), Catch::StartsWith("shop gave way"));
}

TEST_CASE("evictions say what the server did, or why not") {
  BlockerEvicted eviction{session(), true, {}};
  CHECK_THAT(show_eviction(eviction), Catch::Contains("its session was ended"));
  eviction.session_ended = false;
  CHECK_THAT(show_eviction(eviction), Catch::Contains("its query was cancelled"));
  eviction.refusal = "must be a superuser";
  CHECK_THAT(show_eviction(eviction), Catch::Contains("the server refused: must be a superuser"));
}
