// What stands between here and the server, and what the server is: found out before the first
// write.
#include "engine/db/preflight.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "engine/db/beside.h"
#include "tests/support/fixtures.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

Target limited(Target target) {
  target.settings = {{"lock_timeout", "7s"}};
  return target;
}

}  // namespace

TEST_CASE("settings reach a direct session as start-up options, which RESET ALL returns to") {
  TestDatabase database;
  db::Connection direct = db::Connection::open(limited(database.target()));
  db::preflight(direct, db::Intent::write);
  CHECK(direct.settings_after_reset().empty());
  direct.exec("RESET ALL");
  CHECK(direct.exec("SHOW lock_timeout").text(0, 0) == "7s");
}

TEST_CASE("the session's lock_timeout is known, in whatever unit the server shows it") {
  TestDatabase database;
  for (const auto& [written, milliseconds] :
       std::vector<std::pair<const char*, long>>{{"0", 0},
                                                 {"200", 200},
                                                 {"1500ms", 1500},
                                                 {"7s", 7000},
                                                 {"120s", 120'000},
                                                 {"3h", 10'800'000},
                                                 {"2d", 172'800'000},
                                                 {"2147483647", 2147483647}}) {
    CAPTURE(written);
    Target target = database.target();
    target.settings = {{"lock_timeout", written}};
    db::Connection connection = db::Connection::open(target);
    db::preflight(connection, db::Intent::write);
    CHECK(db::lock_timeout(connection).count() == milliseconds);
  }
}

TEST_CASE("versions: too old is refused, too new is warned of") {
  CHECK(error_of([] { db::require_supported(100023, "10.23"); }).code() == ErrorCode::refused);
  CHECK_NOTHROW(db::require_supported(110000, "11.0"));
  CHECK_FALSE(db::version_warning(180004));
  REQUIRE(db::version_warning(190000));
  CHECK_THAT(db::version_warning(190000)->message, Catch::Contains("PostgreSQL 19"));
}
