#include "cli/duration.h"

#include <catch2/catch.hpp>

#include "pgpm/error.h"

namespace pgpm::cli {
namespace {

TEST_CASE("durations have a unit") {
  const std::pair<const char*, long> cases[] = {
      {"500ms", 500}, {"60s", 60000}, {"2min", 120000}, {"1h", 3600000}, {"1.5s", 1500},
      {"0", 0},       {"0s", 0},      {"10 s", 10000},  {"2m", 120000},  {"24h", 86400000}};
  for (const auto& [text, milliseconds] : cases) {
    CAPTURE(text);
    REQUIRE(parse_duration(text));
    CHECK(parse_duration(text)->count() == milliseconds);
  }
}

TEST_CASE("what is no duration is refused") {
  for (const char* text :
       {"", "5", "s", "-1s", "1d", "1e3s", "1,5s", "5 s x", "inf", "nan", "99999999h", "0x10s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("options are named when their duration is wrong") {
  CHECK(server_duration("lock-timeout", "") == "");
  CHECK(server_duration("lock-timeout", "2min") == "120000ms");
  CHECK(server_duration("lock-timeout", "0") == "0");
  CHECK_THROWS_WITH(duration_option("lock-wait", "5"), "--lock-wait does not understand \"5\"");
}

}  // namespace
}  // namespace pgpm::cli
