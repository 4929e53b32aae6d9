#include "engine/text/file_ring.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/file.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

std::unique_ptr<FileRing> ring_of_this_system() {
  auto ring = FileRing::open();
  if (!ring) WARN("skipped: this system has no io_uring");
  return ring;
}

}  // namespace

TEST_CASE("a ring reads small files of a folder, and leaves the rest") {
  const auto ring = ring_of_this_system();
  if (!ring) return;
  TempWorkspace files;
  files.write("a", "A");
  files.write("b/c", std::string("\0\xff\r\n", 4));
  files.write("empty", "");
  files.write("most", std::string(8191, 'x'));
  files.write("large", std::string(8192, 'x'));
  std::filesystem::create_symlink("a", files.root() / "link");
  const PlainFolder folder(files.root().string());
  const std::vector<const char*> names = {"a",    "missing", "b/c",   "b", "empty",
                                          "link", "most",    "large", "a"};
  // Again and again: what one reading left must not show in the next.
  for (int round = 0; round < 3; ++round) {
    const auto& contents = ring->read(folder.descriptor(), names);
    CHECK(contents[0] == "A");
    CHECK_FALSE(contents[1]);
    CHECK(contents[2] == std::string("\0\xff\r\n", 4));
    for (const std::size_t left : {3U, 4U, 5U, 7U}) CHECK_FALSE(contents[left]);
    CHECK(contents[6] == std::string(8191, 'x'));
    CHECK(contents[8] == "A");
    CHECK_FALSE(contents[9]);
    const std::vector<const char*> gone(FileRing::batch, "missing");
    for (const auto& none : ring->read(folder.descriptor(), gone)) CHECK_FALSE(none);
    CHECK_FALSE(ring->read(-1, names)[0]);
  }
}

TEST_CASE("a ring reads files that end at a page's end, and beside it") {
  const auto ring = ring_of_this_system();
  if (!ring) return;
  TempWorkspace files;
  std::vector<std::string> texts, names;
  for (const std::size_t size : {1U, 4095U, 4096U, 4097U, 5000U, 8190U}) {
    names.push_back(std::to_string(size));
    texts.push_back(std::string(size - 1, 'x') + "e");
    files.write(names.back(), texts.back());
  }
  std::vector<const char*> asked;
  for (const std::string& name : names) asked.push_back(name.c_str());
  const PlainFolder folder(files.root().string());
  const auto& contents = ring->read(folder.descriptor(), asked);
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(contents[i] == texts[i]);
}

// What is behind a short answer must not be taken for the end: the kernel gives of this file a page
// or so at a time, and it is longer.
TEST_CASE("a file that was not read to its end is left") {
  const auto ring = ring_of_this_system();
  if (!ring) return;
  const PlainFolder process("/proc/" + std::to_string(::getpid()));
  REQUIRE(read_file("/proc/self/smaps")->size() > 8192);
  const std::vector<const char*> names = {"smaps"};
  CHECK_FALSE(ring->read(process.descriptor(), names)[0]);
}
