#include "engine/text/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "pgpm/error.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "pgpm-file-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const fs::path& path() const { return path_; }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), {}));
  }

 private:
  fs::path path_;
};

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("Files are read as they are", "[text]") {
  const TemporaryDirectory directory;
  const std::string contents[] = {"", "x", std::string("a\0b\r\n", 5), std::string(300000, 'z')};
  for (const std::string& content : contents) {
    const fs::path path = directory.path() / "file";
    std::ofstream(path, std::ios::binary) << content;
    CHECK(read_file(path) == content);
  }
}

TEST_CASE("A file with more bytes than are wanted is not read, in a folder or below", "[text]") {
  const TemporaryDirectory directory;
  fs::create_directories(directory.path() / "a" / "b");
  const std::string path = (directory.path() / "a" / "b" / "file").string();
  std::ofstream(path, std::ios::binary) << "four";
  CHECK(read_plain_file(path, 4).bytes == "four");
  CHECK(read_plain_file(path, 3).kind == PlainFile::Kind::too_big);
  const PlainFolder folder(directory.path().string());
  CHECK(folder.read(path, 4).bytes == "four");
  const PlainFile big = folder.read(path, 3);
  CHECK(big.kind == PlainFile::Kind::too_big);
  CHECK(big.size == 4);
  CHECK(big.bytes.empty());
}

TEST_CASE("A file that is not there is an answer, one that cannot be read is an error", "[text]") {
  const TemporaryDirectory directory;
  CHECK(read_file(directory.path() / "missing") == std::nullopt);
  std::ofstream(directory.path() / "file") << "x";
  CHECK(read_file(directory.path() / "file" / "below") == std::nullopt);
  try {
    read_file(directory.path());
    FAIL("a directory was read");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::other);
    CHECK(std::string(error.what()).find(directory.path().string()) != std::string::npos);
  }
}

TEST_CASE("Files that do not tell their size are read to their end", "[text]") {
  if (!fs::exists("/proc/self/status")) {
    WARN("no /proc on this system");
    return;
  }
  const auto status = read_file("/proc/self/status");
  REQUIRE(status.has_value());
  CHECK(status->find("Pid:") != std::string::npos);
}

TEST_CASE("Replacing a file leaves the new content and nothing else", "[text]") {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "pgpm.plan";
  replace_file(path, "one");
  CHECK(read_file(path) == "one");
  replace_file(path, std::string(200000, 'x'));
  CHECK(read_file(path) == std::string(200000, 'x'));
  replace_file(path, "");
  CHECK(read_file(path) == "");
  CHECK(directory.entries() == 1);
}

TEST_CASE("Replacing a file keeps its mode, and a new one obeys the umask", "[text]") {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "script.sh";
  const mode_t umask_before = ::umask(027);
  replace_file(path, "new");
  ::umask(umask_before);
  CHECK(mode_of(path) == 0640);
  REQUIRE(::chmod(path.c_str(), 0755) == 0);
  replace_file(path, "newer");
  CHECK(mode_of(path) == 0755);
}

TEST_CASE("A symbolic link stays one", "[text]") {
  const TemporaryDirectory directory;
  const fs::path real = directory.path() / "real";
  const fs::path link = directory.path() / "link";
  std::ofstream(real) << "old";
  fs::create_symlink("real", link);
  replace_file(link, "new");
  CHECK(fs::is_symlink(link));
  CHECK(read_file(real) == "new");
}

TEST_CASE("A pipe or a device is written to, and stays what it is", "[text]") {
  const TemporaryDirectory directory;
  const fs::path pipe = directory.path() / "pipe", link = directory.path() / "link";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  fs::create_symlink(pipe, link);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  replace_file(pipe, "one ");
  replace_file(link, "two");
  std::string got(20, ' ');
  got.resize(static_cast<std::size_t>(::read(reader, got.data(), got.size())));
  CHECK(got == "one two");
  ::close(reader);
  CHECK(fs::is_fifo(pipe));
  replace_file("/dev/null", "nothing");
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("A reader of the old content is not disturbed", "[text]") {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "file";
  replace_file(path, "old");
  std::ifstream reader(path);
  replace_file(path, "new content");
  std::string seen;
  std::getline(reader, seen);
  CHECK(seen == "old");
}

TEST_CASE("A failed replacement leaves the old file and no rubbish", "[text]") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(replace_file(directory.path() / "no" / "such" / "file", "x"), Error);
  fs::create_directory(directory.path() / "taken");
  CHECK_THROWS_AS(replace_file(directory.path() / "taken", "x"), Error);
  CHECK(fs::is_directory(directory.path() / "taken"));
  CHECK(directory.entries() == 1);
}

}  // namespace pgpm::tests
