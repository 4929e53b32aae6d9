// The table itself, and everything made from it.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "cli/process.h"
#include "tests/support/source_dir.h"

namespace pgpm::cli {
namespace {

/// A shell's words, for examples: quotes and blanks, up to the first operator.
std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool is_word = false;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      is_word = true;
    } else if (c == ' ') {
      if (is_word) words.push_back(word);
      word.clear();
      is_word = false;
    } else if (c == '|' || c == '>' || c == '&') {
      return words;
    } else {
      word += c;
      is_word = true;
    }
  }
  if (is_word) words.push_back(word);
  return words;
}

TEST_CASE("every command says what it is, has a group and two examples") {
  std::set<std::string> names;
  for (const Command& command : command_table()) {
    CAPTURE(command.name);
    CHECK(names.insert(command.name).second);
    CHECK_FALSE(command.group.empty());
    CHECK_FALSE(command.summary.empty());
    CHECK(command.summary.back() != '.');
    CHECK_FALSE(command.description.empty());
    CHECK(command.examples.size() >= 2);
    CHECK(command.run != nullptr);
  }
}

TEST_CASE("every example is a command line that parses") {
  for (const Command& command : command_table())
    for (const Example& example : command.examples) {
      std::vector<std::string> words = shell_words(example.line);
      if (words.empty() || words[0] != "pgpm") continue;  // eval "$(...)"
      words.erase(words.begin());
      CAPTURE(example.line);
      const CommandLine line = find_command_line(words);
      REQUIRE(line.command != nullptr);
      CHECK(line.command->name == command.name);
      CHECK_NOTHROW(parse_arguments(*line.command, line.words));
    }
}

TEST_CASE("an option's spellings are unique within a command") {
  for (const Command& command : command_table()) {
    std::set<std::string> spellings;
    for (const Option& option : options_of(command)) {
      CAPTURE(command.name, option.name);
      CHECK(spellings.insert(option.name).second);
      for (const std::string& alias : option.aliases) CHECK(spellings.insert(alias).second);
      if (option.letter != 0) CHECK(spellings.insert(std::string(1, option.letter)).second);
      CHECK_FALSE(option.description.empty());
    }
  }
}

TEST_CASE("an option that takes a value does so in every command") {
  std::set<std::string> with_value, without_value;
  for (const Command& command : command_table())
    for (const Option& option : options_of(command)) {
      const bool takes = option.kind == OptionKind::value || option.kind == OptionKind::many_values;
      (takes ? with_value : without_value).insert(option.name);
    }
  for (const std::string& name : with_value) CHECK(without_value.count(name) == 0);
}

TEST_CASE("a command is found by its name and aliases without the others") {
  for (const Command& command : command_table()) {
    CAPTURE(command.name);
    std::vector<std::string> names = command.aliases;
    names.push_back(command.name);
    for (const std::string& name : names) {
      const Command* found = find_command(name);
      REQUIRE(found != nullptr);
      CHECK(found == find_command(name));
      CHECK(found->name == command.name);
      CHECK(found->aliases == command.aliases);
      CHECK(found->run == command.run);
      const std::string first = name.substr(0, name.find(' '));
      CHECK(is_group(first) == (first != name));
      CHECK(commands_below(first).empty() == (first == name));
    }
  }
  CHECK(find_command("") == nullptr);
  CHECK(find_command("migrate") == nullptr);
  CHECK_FALSE(is_group(""));
  CHECK_FALSE(is_group("migrat"));
  CHECK_FALSE(is_group("migrate list"));
}

TEST_CASE("help shows every command, option and example") {
  const Style plain{false, 100};
  for (const Command& command : command_table()) {
    CHECK(overview(plain).find("  " + command.name + " ") != std::string::npos);
    const std::string help = command_help(command, plain);
    for (const Option& option : options_of(command))
      CHECK(help.find(option_heading(option)) != std::string::npos);
    for (const Example& example : command.examples)
      CHECK(help.find(example.line) != std::string::npos);
  }
}

TEST_CASE("help as JSON is the table") {
  const auto document = nlohmann::json::parse(help_json());
  REQUIRE(document["commands"].size() == command_table().size());
  CHECK(document["exit_codes"].size() == exit_codes().size());
  CHECK(document["commands"][0]["name"] == "deploy");
}

TEST_CASE(
    "the manual page has every command and no line that roff would take for a request by "
    "accident") {
  const std::string page = manual_page();
  CHECK(page.rfind(".TH PGPM 1", 0) == 0);
  for (const ExitCode& code : exit_codes())
    CHECK(page.find(fmt::format("\\fB{}\\fR\n", code.status)) != std::string::npos);
  const std::set<std::string> requests{".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP"};
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK_FALSE(line.empty());
    CHECK(line[0] != '\'');
    if (line[0] == '.') CHECK(requests.count(line.substr(0, 3)) == 1);
  }
}

class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("pgpm-{}-{}", ::getpid(), name)) {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST_CASE("completion scripts are valid, and complete") {
  const TemporaryFile script(
      "completion.bash",
      bash_completion() +
          "COMP_WORDS=(pgpm dep); COMP_CWORD=1; _pgpm; echo \"${COMPREPLY[@]}\"\n"
          "COMP_WORDS=(pgpm migrate l); COMP_CWORD=2; _pgpm; echo \"${COMPREPLY[@]}\"\n"
          "COMP_WORDS=(pgpm deploy --creat); COMP_CWORD=2; _pgpm; echo \"${COMPREPLY[@]}\"\n"
          "COMP_WORDS=(pgpm deploy --tx m); COMP_CWORD=3; _pgpm; echo \"${COMPREPLY[@]}\"\n"
          "COMP_WORDS=(pgpm migrate list --off); COMP_CWORD=3; _pgpm; echo \"${COMPREPLY[@]}\"\n");
  CHECK(output_of({"bash", "-n", script.path()}));
  CHECK(output_of({"bash", script.path()}).value_or("") ==
        "deploy\nlist\n--createdb\nmodule\n--offline\n");
  CHECK(zsh_completion().rfind("#compdef pgpm\n", 0) == 0);
  for (const Command& command : command_table())
    CHECK(fish_completion().find(command.summary) != std::string::npos);
}

std::string read(const std::string& file) {
  std::ifstream stream(tests::source_path(file));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST_CASE("cli/README.md holds the tables of commands and exit codes") {
  const std::string readme = read("cli/README.md");
  CHECK(readme.find(exit_codes_markdown()) != std::string::npos);
  CHECK(readme.find(commands_markdown()) != std::string::npos);
}

TEST_CASE("every error code has a status of the table, under its own name") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::interrupted); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const auto found =
        std::find_if(exit_codes().begin(), exit_codes().end(),
                     [&](const ExitCode& one) { return one.status == exit_status(code); });
    REQUIRE(found != exit_codes().end());
    CHECK(std::string(found->name) == error_code_name(code));
  }
}

}  // namespace
}  // namespace pgpm::cli
