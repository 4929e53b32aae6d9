// Looking up what is deployed: the same whatever the order of the questions.
#include "engine/registry/state.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace pgpm;

namespace {

RegistryState state_with(const std::vector<std::pair<std::string, std::string>>& names) {
  RegistryState state;
  for (const auto& [package, name] : names) {
    DeployedChange& change = state.changes.emplace_back();
    change.package = package;
    change.name = name;
  }
  return state;
}

}  // namespace

TEST_CASE("deployed changes are found in any order, again and again") {
  const RegistryState state = state_with({{"a", "x"}, {"b", "x"}, {"b", "y"}, {"a", "z"}});
  const auto place = [&](const char* package, const char* name) {
    const DeployedChange* found = state.find(package, name);
    return found == nullptr ? -1 : static_cast<int>(found - state.changes.data());
  };
  for (int round = 0; round < 3; ++round) {
    CHECK(place("a", "x") == 0);
    CHECK(place("b", "x") == 1);
    CHECK(place("b", "y") == 2);
    CHECK(place("a", "z") == 3);
  }
  CHECK(place("a", "z") == 3);
  CHECK(place("a", "z") == 3);
  CHECK(place("b", "x") == 1);
  CHECK(place("a", "y") == -1);
  CHECK(place("b", "y") == 2);
  CHECK(place("c", "x") == -1);
  CHECK(place("", "") == -1);
  CHECK(place("a", "x") == 0);
}

TEST_CASE("an empty state finds nothing, and what takes its place what is there then") {
  RegistryState state;
  CHECK(state.find("a", "x") == nullptr);
  CHECK(state.find("a", "x") == nullptr);
  state = state_with({{"a", "x"}, {"a", "y"}});
  REQUIRE(state.find("a", "y") != nullptr);
  state = state_with({{"a", "y"}});
  CHECK(state.find("a", "x") == nullptr);
  CHECK(state.find("a", "y") == state.changes.data());
}

TEST_CASE("having been asked makes no difference") {
  const RegistryState asked = state_with({{"a", "x"}, {"a", "y"}});
  static_cast<void>(asked.find("a", "y"));
  CHECK(asked == state_with({{"a", "x"}, {"a", "y"}}));
  CHECK_FALSE(asked == state_with({{"a", "x"}}));
}
