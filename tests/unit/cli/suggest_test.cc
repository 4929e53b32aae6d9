#include "cli/suggest.h"

#include <catch2/catch.hpp>

namespace pgpm::cli {
namespace {

TEST_CASE("the nearest word is the one with the fewest slips") {
  const std::vector<std::string> known{"deploy", "revert", "verify", "status", "tag", "local"};
  CHECK(nearest("dpeloy", known) == "deploy");
  CHECK(nearest("deplyo", known) == "deploy");
  CHECK(nearest("revret", known) == "revert");
  CHECK(nearest("verfy", known) == "verify");
  CHECK(nearest("stat", known) == "status");
  CHECK(nearest("tga", known) == "tag");
  CHECK(nearest("frobnicate", known) == "");
  CHECK(nearest("", known) == "");
  CHECK(nearest("x", {}) == "");
}

TEST_CASE("a suggestion is a clause or nothing") {
  CHECK(did_you_mean("lits", {"list"}) == "; did you mean \"list\"?");
  CHECK(did_you_mean("lits", {"list"}, "migrate ") == "; did you mean \"migrate list\"?");
  CHECK(did_you_mean("zzzz", {"list"}) == "");
}

}  // namespace
}  // namespace pgpm::cli
