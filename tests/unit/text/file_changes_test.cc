// Changes to files that are made together or not at all.
#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "engine/text/file_changes.h"
#include "pgpm/error.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::size_t entries(const std::filesystem::path& dir) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(dir), {}));
}

}  // namespace

TEST_CASE("what is not kept is as it was, newest step first") {
  TempWorkspace tree({{"mine", "x"}, {"folder/inner", "y"}, {"other", "z"}});
  {
    FileChanges changes;
    changes.write(tree.path("mine"), "1");
    changes.write(tree.path("mine"), "2");
    changes.write(tree.path("new/a/b"), "3");
    changes.remove(tree.path("folder"));
    changes.move(tree.path("other"), tree.path("folder/inner"));
    CHECK(tree.read("mine") == "2");
    CHECK(tree.read("new/a/b") == "3");
    CHECK(tree.read("folder/inner") == "z");
    CHECK_FALSE(tree.exists("other"));
  }
  CHECK(tree.read("mine") == "x");
  CHECK_FALSE(tree.exists("new"));
  CHECK(tree.read("folder/inner") == "y");
  CHECK(tree.read("other") == "z");
  CHECK(entries(tree.root()) == 3);
}

TEST_CASE("what is kept stays, and what was removed is gone") {
  TempWorkspace tree({{"mine", "x"}, {"folder/inner", "y"}});
  {
    FileChanges changes;
    changes.write(tree.path("mine"), "1");
    changes.remove(tree.path("folder"));
    changes.keep();
  }
  CHECK(tree.read("mine") == "1");
  CHECK(entries(tree.root()) == 1);
}

TEST_CASE("a file that somebody else writes is remembered, also one that is not there") {
  TempWorkspace tree({{"mine", "x"}});
  {
    FileChanges changes;
    changes.remember(tree.path("mine"));
    changes.remember(tree.path("new"));
    tree.write("mine", "1");
    tree.write("new", "2");
  }
  CHECK(tree.read("mine") == "x");
  CHECK_FALSE(tree.exists("new"));
}

TEST_CASE("a link stays a link, and what it points at gets its text back") {
  TempWorkspace tree({{"target", "x"}});
  tree.link("link", "target");
  {
    FileChanges changes;
    changes.write(tree.path("link"), "1");
    CHECK(tree.read("target") == "1");
  }
  CHECK(tree.read("target") == "x");
  CHECK(std::filesystem::is_symlink(tree.path("link")));
}

TEST_CASE("folders that were made go only if nobody else has put something there") {
  TempWorkspace tree;
  {
    FileChanges changes;
    changes.make_folders(tree.path("a/b"));
    changes.make_folders(tree.path("c"));
    tree.write("a/theirs", "x");
  }
  CHECK(tree.read("a/theirs") == "x");
  CHECK_FALSE(tree.exists("a/b"));
  CHECK_FALSE(tree.exists("c"));
}

TEST_CASE("what cannot be done says why, and nothing of it stays") {
  TempWorkspace tree({{"mine", "x"}});
  using Catch::Contains;
  {
    FileChanges changes;
    changes.write(tree.path("new"), "1");
    CHECK_THROWS_WITH(changes.make_folders(tree.path("mine/below")), Contains("cannot create "));
    CHECK_THROWS_WITH(changes.remove(tree.path("nothing")), Contains("cannot remove "));
    CHECK_THROWS_WITH(changes.move(tree.path("nothing"), tree.path("b/c")),
                      Contains("cannot rename "));
    // Its own name is possible, that of the temporary file beside it is too long.
    CHECK_THROWS_WITH(changes.write(tree.path(std::string(250, 'n')), "2"),
                      Contains("could not write ") && Contains("File name too long"));
    CHECK_THROWS_WITH(changes.remember(tree.root()), Contains("is not a regular file"));
  }
  CHECK(entries(tree.root()) == 1);
}
