#include "tests/support/golden.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace pgpm::tests {

TEST_CASE("what differs from run to run is replaced") {
  CHECK(normalise("in 0.123 s, 12 ms, 1.5min") == "in <time>, <time>, <time>");
  CHECK(normalise("+ users    <1 ms\n+ x         12 ms") == "+ users <time>\n+ x <time>");
  CHECK(normalise("  +   1.50 s  a") == "  + <time>  a");
  CHECK(normalise("--lock-wait 60s") == "--lock-wait 60s");
  CHECK(normalise(R"({"duration": 0.001, "duration_seconds":1e-05})") ==
        R"({"duration": <time>, "duration_seconds":<time>})");
  CHECK(normalise("2023-11-20 17:17:33.123+00 2023-11-20T17:17:33Z") == "<timestamp> <timestamp>");
  CHECK(normalise("2024-01-15T10:00:00Z") == "2024-01-15T10:00:00Z");
  CHECK(normalise(std::string(40, 'a') + " " + std::string(64, '0') + " " + std::string(41, 'a')) ==
        "<sha1> <sha256> " + std::string(41, 'a'));
  CHECK(normalise("held by pid 4711") == "held by pid <pid>");
  CHECK(normalise("\x1b[1mbold\r\ndone\r") == "\\e[1mbold\ndone\\r");
}

TEST_CASE("names of this run are replaced, the longest first") {
  CHECK(normalise("/tmp/x/home /tmp/x/y db_7",
                  {{"/tmp/x", "$WORK"}, {"/tmp/x/home", "$HOME"}, {"db_7", "$DB"}}) ==
        "$HOME $WORK/y $DB");
}

TEST_CASE("a golden file is compared, and rewritten when asked") {
  const auto dir =
      std::filesystem::temp_directory_path() / ("pgpm-golden-" + std::to_string(getpid()));
  const auto file = dir / "x.txt";
  unsetenv("PGPM_UPDATE_GOLDEN");
  CHECK(golden_difference(file, "a\nb\n") ==
        file.generic_string() + " (- expected, + came)\n+ a\n+ b\n");
  CHECK_FALSE(std::filesystem::exists(file));

  setenv("PGPM_UPDATE_GOLDEN", "1", 1);
  CHECK(golden_difference(file, "a\nb\n").empty());
  unsetenv("PGPM_UPDATE_GOLDEN");
  std::ifstream in(file);
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == "a\nb\n");
  CHECK(golden_difference(file, "a\nb\n").empty());
  CHECK_FALSE(golden_difference(file, "a\nc\n").empty());
  std::filesystem::remove_all(dir);
}

}  // namespace pgpm::tests
