// The front page says the same as the program.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "cli/manual.h"
#include "tests/support/source_dir.h"

namespace pgpm::cli {

TEST_CASE("README.md holds the tables of commands and exit codes") {
  std::ifstream in(tests::source_path("README.md"));
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  CHECK(readme.find(commands_markdown()) != std::string::npos);
  CHECK(readme.find(exit_codes_markdown()) != std::string::npos);
}

}  // namespace pgpm::cli
