#include "tests/support/case_file.h"

#include <catch2/catch.hpp>

namespace pgpm::tests {
namespace {

const char* const sample =
    "# A comment.\n"
    "require psql\n"
    "database absent\n"
    "\n"
    "--- file a/b.sql\n"
    "SELECT 1;\n"
    "  $ not a command\n"
    "---\n"
    "env NAME=x=y\n"
    "  $ first \\\n"
    "  >   more\n"
    "  < yes\n"
    "  out\n"
    "\n"
    "    indented\n"
    "  2> err\n"
    "\n"
    "  [exit 3]\n"
    "\n"
    "  tty$ second\n"
    "  $ third\n";

std::string failure(const std::string& text) {
  try {
    parse_case(text);
    return "parsed";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a case file is read into files, settings and steps") {
  const CaseFile file = parse_case(sample);
  CHECK(file.requirements == std::vector<std::string>{"psql"});
  CHECK(file.database == CaseDatabase::absent);
  REQUIRE(file.items.size() == 5);
  CHECK(std::get<CaseWrite>(file.items[0]).path == "a/b.sql");
  CHECK(std::get<CaseWrite>(file.items[0]).content == "SELECT 1;\n  $ not a command\n");
  CHECK(std::get<CaseEnvironment>(file.items[1]).name == "NAME");
  CHECK(std::get<CaseEnvironment>(file.items[1]).value == "x=y");

  const auto& first = std::get<CaseStep>(file.items[2]);
  CHECK(first.line == 10);
  CHECK(first.command == "first \\\n  more");
  CHECK(first.input == "yes\n");
  CHECK(first.expected == std::vector<std::string>{"out", "", "  indented", "2> err"});
  CHECK(first.exit_status == 3);
  CHECK_FALSE(first.terminal);

  const auto& second = std::get<CaseStep>(file.items[3]);
  CHECK(second.command == "second");
  CHECK(second.terminal);
  CHECK(second.expected.empty());
  CHECK(std::get<CaseStep>(file.items[4]).command == "third");
}

TEST_CASE("what is no part of the format is an error with its line") {
  CHECK(failure("\nrequires psql\n").starts_with("line 2: \"requires psql\" is no directive"));
  CHECK(failure("require luck\n") == "line 1: unknown requirement \"luck\"");
  CHECK(failure("\n--- file x\na\n") == "line 2: no \"---\" ends this file");
  CHECK(failure("  output without a command\n").starts_with("line 1: a command starts with"));
  CHECK(failure("env X\n") == "line 1: env NAME=VALUE");
}

TEST_CASE("output is written as it is expected") {
  CHECK(output_lines("a\n\nb\n\n", "e\n\nf") ==
        std::vector<std::string>{"a", "", "b", "2> e", "2>", "2> f"});
  CHECK(output_lines("", "").empty());
}

TEST_CASE("output that looks like the format is told apart") {
  CHECK(output_lines("$ x\n  $ y\ntty$ z\n> a\n< b\n[exit 3]\n[exit x]\n", "") ==
        std::vector<std::string>{"\\$ x", "  $ y", "\\tty$ z", "\\> a", "\\< b", "\\[exit 3]",
                                 "[exit x]"});
}

TEST_CASE("a rewrite touches only the expectations that changed") {
  const CaseFile file = parse_case(sample);
  CHECK(rewrite_case(file, {}) == sample);
  const std::string text =
      rewrite_case(file, {{&std::get<CaseStep>(file.items[2]), {"new", "", "2> err"}, 0},
                          {&std::get<CaseStep>(file.items[4]), {"x"}, 1}});
  CHECK(text == std::string(sample).substr(0, std::string(sample).find("  out\n")) +
                    "  new\n\n  2> err\n\n  tty$ second\n  $ third\n  x\n  [exit 1]\n");
}

}  // namespace pgpm::tests
