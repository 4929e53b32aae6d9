#include <catch2/catch.hpp>

#include "engine/workspace/glob.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

std::vector<std::string> matches(const TempWorkspace& tree, const std::string& pattern) {
  std::vector<std::string> found;
  for (const auto& dir : matching_directories(tree.root(), pattern))
    found.push_back(dir.lexically_relative(tree.root()).generic_string());
  return found;
}

}  // namespace

TEST_CASE("a name against a pattern") {
  CHECK(name_matches("*", "anything"));
  CHECK(name_matches("a*b*c", "axxbyyc"));
  CHECK_FALSE(name_matches("a*b*c", "axxbyy"));
  CHECK(name_matches("pg?m", "pgpm"));
  CHECK_FALSE(name_matches("pg?m", "pgm"));
  CHECK(name_matches("a**", "a"));
  CHECK_FALSE(name_matches("", "a"));
  CHECK_FALSE(name_matches(std::string(30, '*') + "b", std::string(5000, 'a')));
}

TEST_CASE("a path against a pattern") {
  CHECK(path_matches("packages/*", "packages/app"));
  CHECK_FALSE(path_matches("packages/*", "packages/a/b"));
  CHECK(path_matches("packages/**", "packages/a/b"));
  CHECK(path_matches("**/fixtures", "a/b/fixtures"));
  CHECK(path_matches("**/fixtures", "fixtures"));
  CHECK(path_matches("./packages//app/", "packages/app"));
  CHECK_FALSE(path_matches("**/b", "a/c"));
}

TEST_CASE("patterns find directories, sorted, and nothing hidden or installed by npm") {
  TempWorkspace tree({{"packages/b/x", ""},
                      {"packages/a/deep/er/x", ""},
                      {"packages/node_modules/m/x", ""},
                      {"packages/.git/x", ""},
                      {"packages/file", ""},
                      {"other/x", ""}});
  CHECK(matches(tree, "packages/*") == std::vector<std::string>{"packages/a", "packages/b"});
  CHECK(matches(tree, "packages/a") == std::vector<std::string>{"packages/a"});
  CHECK(matches(tree, "packages/**") ==
        std::vector<std::string>{"packages", "packages/a", "packages/a/deep", "packages/a/deep/er",
                                 "packages/b"});
  CHECK(matches(tree, "**/er") == std::vector<std::string>{"packages/a/deep/er"});
  CHECK(matches(tree, "p*s/?") == std::vector<std::string>{"packages/a", "packages/b"});
  CHECK(matches(tree, "nothing/*").empty());
  CHECK(matches(tree, "packages/file").empty());
  CHECK(matches(tree, "**/**/**/deep") == std::vector<std::string>{"packages/a/deep"});
}

TEST_CASE("a link in a circle is not followed for ever") {
  TempWorkspace tree({{"a/b/x", ""}});
  tree.link("a/b/up", tree.path("a"));
  CHECK(matches(tree, "**") == std::vector<std::string>{".", "a", "a/b"});
}
