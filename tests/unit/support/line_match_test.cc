#include "tests/support/line_match.h"

#include <catch2/catch.hpp>

namespace pgpm::tests {
namespace {

using Lines = std::vector<std::string>;

bool equal(const Lines& expected, const Lines& actual) {
  return LineComparison(expected, actual).equal();
}

}  // namespace

TEST_CASE("lines are compared as they are") {
  CHECK(equal({}, {}));
  CHECK(equal({"a", "", "b"}, {"a", "", "b"}));
  CHECK_FALSE(equal({"a"}, {"a", "b"}));
  CHECK_FALSE(equal({"a", "b"}, {"a"}));
  CHECK_FALSE(equal({"a.c"}, {"abc"}));
  CHECK_FALSE(equal({""}, {}));
}

TEST_CASE("three dots stand for any number of lines") {
  CHECK(equal({"..."}, {}));
  CHECK(equal({"a", "...", "d"}, {"a", "b", "", "c", "d"}));
  CHECK(equal({"a", "...", "b", "..."}, {"a", "b", "b"}));
  CHECK_FALSE(equal({"...", "x"}, {"a", "b"}));
}

TEST_CASE("a regex in double braces stands for part of a line") {
  CHECK(equal({"took {{[0-9]+}} steps (all)"}, {"took 12 steps (all)"}));
  CHECK(equal({"{{a|b}}.{{a|b}}"}, {"b.a"}));
  CHECK_FALSE(equal({"{{a|b}}.{{a|b}}"}, {"bxa"}));
  CHECK_FALSE(equal({"took {{[0-9]+}} steps"}, {"took no steps"}));
  CHECK(equal({"{{ not closed"}, {"{{ not closed"}));
}

TEST_CASE("a comparison shows what differs and a little around it") {
  const Lines expected = {"1", "2", "3", "4", "5", "old", "6"};
  const Lines actual = {"1", "2", "3", "4", "5", "new", "6"};
  CHECK(LineComparison(expected, actual).to_string() ==
        "  [...]\n  3\n  4\n  5\n- old\n+ new\n  6\n");
}

TEST_CASE("an update keeps the wildcards that still hold") {
  const LineComparison comparison({"start", "...", "at {{.*}}", "gone"},
                                  {"start", "x", "", "at 10", "came"});
  CHECK(comparison.updated() == Lines{"start", "...", "at {{.*}}", "came"});
}

TEST_CASE("text is split at line ends") {
  CHECK(split_lines("").empty());
  CHECK(split_lines("a\n\nb") == Lines{"a", "", "b"});
  CHECK(split_lines("a\n") == Lines{"a"});
}

}  // namespace pgpm::tests
