// TAP as pgTAP's functions return it: one row of text after the other.
#include "engine/testing/tap.h"

#include <catch2/catch.hpp>

namespace pgpm {
namespace {

TapReader reading(const std::vector<std::string>& rows) {
  TapReader reader;
  for (std::size_t i = 0; i < rows.size(); ++i) reader.read(rows[i], i);
  return reader;
}

}  // namespace

TEST_CASE("a plan and as many assertions pass, wherever the plan stands") {
  for (const auto& rows : {std::vector<std::string>{"1..2", "ok 1 - a", "ok 2"},
                           std::vector<std::string>{"ok 1 - a", "ok 2 - b", "1..2"},
                           std::vector<std::string>{"ok", "ok - b", "", "1..2"}}) {
    const TapReader tap = reading(rows);
    CHECK(tap.has_tap());
    CHECK(tap.assertions() == 2);
    CHECK(tap.failures().empty());
    CHECK(tap.complaint().empty());
  }
}

TEST_CASE("a failed assertion has its number, description, diagnostics and place") {
  const TapReader tap = reading(
      {"1..3", "ok 1 - a", "not ok 2 - two users\n# Failed test 2: \"two users\"\n#     have: 1",
       "#     want: 2", "ok 3 - c", "# Looks like you failed 1 test of 3"});
  REQUIRE(tap.failures().size() == 1);
  CHECK(tap.failures()[0].number == 2);
  CHECK(tap.failures()[0].description == "two users");
  CHECK(tap.failures()[0].diagnostics == "Failed test 2: \"two users\"; have: 1; want: 2");
  CHECK(tap.failures()[0].place == 2);
  CHECK(tap.complaint().empty());
}

TEST_CASE("what is to do or to skip does not fail") {
  const TapReader tap = reading(
      {"1..3", "not ok 1 - later # TODO not yet", "ok 2 # SKIP no network", "not ok 3 # skip x"});
  CHECK(tap.assertions() == 3);
  CHECK(tap.failures().empty());
}

TEST_CASE("an escaped # is part of the description") {
  const TapReader tap = reading({"1..1", "not ok 1 - issue \\# TODO 12"});
  REQUIRE(tap.failures().size() == 1);
  CHECK(tap.failures()[0].description == "issue \\# TODO 12");
}

TEST_CASE("another number of assertions than planned, no plan, and bailing out are complaints") {
  CHECK(reading({"1..3", "ok 1", "ok 2"}).complaint() == "planned 3 assertions, ran 2");
  CHECK(reading({"1..1", "ok 1", "ok 2"}).complaint() == "planned 1 assertion, ran 2");
  CHECK(reading({"ok 1"}).complaint() == "no plan: the test ends without finish()");
  CHECK(reading({"1..2", "ok 1", "Bail out! no disk"}).complaint() == "bailed out: no disk");
  CHECK(reading({"Bail out!"}).complaint() == "bailed out");
}

TEST_CASE("a plan of none with SKIP skips the test") {
  const TapReader tap = reading({"1..0 # SKIP needs PostGIS"});
  CHECK(tap.skipped() == "needs PostGIS");
  CHECK(tap.complaint().empty());
  CHECK_FALSE(reading({"1..1", "ok 1"}).skipped());
}

TEST_CASE("subtests do not count, their verdict does") {
  const TapReader tap =
      reading({"# Subtest: s.test_a()\n    not ok 1 - inner\n    1..1\nnot ok 1 - s.test_a\n1..1"});
  CHECK(tap.assertions() == 1);
  REQUIRE(tap.failures().size() == 1);
  CHECK(tap.failures()[0].description == "s.test_a");
}

TEST_CASE("other text is no TAP") {
  const TapReader tap = reading({"okay", "12", "not okay", "# a comment", "1..x", "1.5"});
  CHECK_FALSE(tap.has_tap());
}

}  // namespace pgpm
