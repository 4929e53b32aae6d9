// Which modules are tested by themselves, on small workspaces.
#include <catch2/catch.hpp>

#include "pgpm/error.h"
#include "pgpm/package_test.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;
using Strings = std::vector<std::string>;

namespace {

struct Spec {
  std::string name, requires_modules;
};

/// A workspace of modules packages/NAME of one change each, and its covering sets as text:
/// "app | base<app" = app is selected, base is covered by app.
struct Fixture {
  TempWorkspace tree;
  Workspace workspace;

  explicit Fixture(const std::vector<Spec>& modules) {
    tree.write("pgpm.json", R"({"packages": ["packages/*"]})");
    for (const Spec& module : modules)
      tree.write_module("packages/" + module.name, module.name,
                        "%project=" + module.name + "\none 2024-01-15T10:00:00Z A <a@x>\n",
                        module.requires_modules);
    workspace = load_workspace(tree.root());
  }

  std::string set(const Strings& modules = {}, const Strings& exclude = {},
                  Selection selection = Selection::minimal) const {
    const CoveringSet set = covering_set(workspace, modules, exclude, selection);
    std::string text;
    for (const std::string& package : set.selected) text += package + " ";
    text += "|";
    for (const auto& [package, by] : set.covered) text += " " + package + "<" + by;
    return text;
  }
};

TEST_CASE("who is required is covered by who requires it") {
  CHECK(Fixture({{"a", ""}, {"b", ""}}).set() == "a b |");
  CHECK(Fixture({{"a", ""}, {"b", "a"}}).set() == "b | a<b");
  CHECK(Fixture({{"a", ""}, {"b", "a,plpgsql,citext"}, {"c", "b"}}).set() == "c | a<c b<c");
  CHECK(Fixture({{"base", ""}, {"left", "base"}, {"right", "base"}}).set() ==
        "left right | base<left");
  CHECK(Fixture({{"base", ""}, {"left", "base"}, {"right", "base"}, {"top", "left,right"}}).set() ==
        "top | base<top left<top right<top");
}

TEST_CASE("all of them, each by itself") {
  const Fixture chain({{"a", ""}, {"b", "a"}, {"c", "b"}});
  CHECK(chain.set({}, {}, Selection::all) == "a b c |");
  CHECK(chain.set({"b", "a"}, {}, Selection::all).find("c") == std::string::npos);
}

TEST_CASE("only modules that were asked for are selected or covered") {
  const Fixture chain({{"a", ""}, {"b", "a"}, {"c", "b"}});
  CHECK(chain.set({"a"}) == "a |");
  CHECK(chain.set({"b"}) == "b |");
  CHECK(chain.set({"a", "c"}) == "c | a<c");
}

TEST_CASE("a module that is left out covers nothing and is not covered") {
  const Fixture chain({{"a", ""}, {"b", "a"}, {"c", "b"}});
  CHECK(chain.set({}, {"c"}) == "b | a<b");
  CHECK(chain.set({}, {"b"}) == "c | a<c");
  CHECK(chain.set({}, {"a", "b", "c"}) == "|");
}

TEST_CASE("unknown modules are refused, to test and to leave out") {
  const Fixture one(std::vector<Spec>{{"a", ""}});
  CHECK_THROWS_AS(one.set({"nonesuch"}), Error);
  CHECK_THROWS_AS(one.set({}, {"nonesuch"}), Error);
}

}  // namespace
