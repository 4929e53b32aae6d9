// The front page says the same as the program.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "cli/command.h"
#include "cli/manual.h"
#include "tests/support/source_dir.h"

namespace pgpm::cli {

TEST_CASE("README.md holds the tables of commands and exit codes") {
  std::ifstream in(tests::source_path("README.md"));
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  CHECK(readme.find(commands_markdown()) != std::string::npos);
  CHECK(readme.find(exit_codes_markdown()) != std::string::npos);
}

TEST_CASE("cli/README.md says of every command where it differs from upstream's") {
  std::ifstream in(tests::source_path("cli/README.md"));
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  const std::size_t begin = readme.find("## Against upstream");
  REQUIRE(begin != std::string::npos);
  const std::string section = readme.substr(begin, readme.find("\n## ", begin) - begin);
  std::string names;  // the first column
  for (std::size_t at = section.find("\n| "); at != std::string::npos;
       at = section.find("\n| ", at + 1))
    names += section.substr(at, section.find(" |", at + 2) - at);
  for (const Command& command : command_table()) {
    CAPTURE(command.name);
    CHECK(names.find("`" + command.name + "`") != std::string::npos);
  }
}

}  // namespace pgpm::cli
