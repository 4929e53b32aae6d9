#include "engine/text/folder_listings.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

TEST_CASE("what a folder lists as no regular file") {
  TempWorkspace files;
  files.write("a", "A");
  files.write("b/c", "C");
  std::filesystem::create_symlink("a", files.root() / "link");
  REQUIRE(::mkfifo((files.root() / "pipe").c_str(), 0600) == 0);
  FolderListings listings;
  const auto* special = listings.special(files.root().string());
  REQUIRE(special != nullptr);
  CHECK(*special == FolderListings::Names{".", "..", "b", "link", "pipe"});
  CHECK(listings.special((files.root() / "nowhere").string()) == nullptr);
  files.write("later/d", "D");
  CHECK(listings.special(files.root().string()) == special);
  CHECK_FALSE(special->contains("later"));
}
