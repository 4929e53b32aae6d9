// Files that are all written or none.
#include <catch2/catch.hpp>

#include <filesystem>

#include "engine/text/new_files.h"
#include "pgpm/error.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("files that are not kept go, with the directories that were made for them") {
  TempWorkspace tree({{"there/mine", "x"}});
  {
    NewFiles files(tree.root());
    files.write("there/a/b/one", "1");
    files.write("there/two", "2");
    CHECK(tree.read("there/a/b/one") == "1");
  }
  CHECK_FALSE(tree.exists("there/a"));
  CHECK_FALSE(tree.exists("there/two"));
  CHECK(tree.read("there/mine") == "x");
  {
    NewFiles files(tree.root());
    files.write("new/one", "1");
    files.keep();
  }
  CHECK(tree.read("new/one") == "1");
}

TEST_CASE("nothing that is there is written over or removed, links to nowhere included") {
  TempWorkspace tree({{"mine", "x"}});
  tree.link("dangling", tree.path("nowhere"));
  {
    NewFiles files(tree.root());
    CHECK_THROWS_AS(files.write("mine", "1"), Error);
    CHECK_THROWS_AS(files.write("dangling", "1"), Error);
    CHECK_THROWS_AS(files.write("mine/below", "1"), Error);
  }
  CHECK(tree.read("mine") == "x");
  CHECK_FALSE(tree.exists("nowhere"));
}
