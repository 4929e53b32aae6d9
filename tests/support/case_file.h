// A .case file: files to write, commands to run, and what they are expected to print. The format is
// described in tests/README.md. Pure text in, text out; running is case_runner's business.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pgpm::tests {

/// `--- file PATH` ... `---`: write this file (again).
struct CaseWrite {
  std::string path, content;
};
/// `env NAME=VALUE`: from here on.
struct CaseEnvironment {
  std::string name, value;
};
/// `  $ command`, or `  tty$ command` in a terminal of its own.
struct CaseStep {
  std::size_t line = 0;  ///< 1-based, of the command
  std::string command;
  bool terminal = false;
  std::string input;  ///< lines `  < text`
  std::vector<std::string> expected;
  int exit_status = 0;
  std::size_t expected_begin = 0,
              expected_end = 0;  ///< the lines [begin, end) of the file that say what is expected
};
using CaseItem = std::variant<CaseWrite, CaseEnvironment, CaseStep>;

enum class CaseDatabase {
  fresh,   ///< a server, and an empty database of the case's own (the default)
  absent,  ///< a server; the database named by PGDATABASE does not exist yet
  none,    ///< no server is reachable
};

struct CaseFile {
  std::vector<std::string> lines;
  std::vector<std::string> requirements;  ///< `require network`, ...
  CaseDatabase database = CaseDatabase::fresh;
  std::vector<CaseItem> items;
};

/// Throws std::runtime_error("line N: ...") for anything that is no part of the format.
CaseFile parse_case(std::string_view text);

/// What a command printed, as expectations are written: stdout's lines, stderr's with "2> " before
/// each; empty lines at the end of either do not count.
std::vector<std::string> output_lines(std::string_view out, std::string_view err);

/// What a step printed instead of what was expected.
struct CaseUpdate {
  const CaseStep* step = nullptr;
  std::vector<std::string> lines;
  int exit_status = 0;
};
/// The file's text with the expectations of those steps replaced.
std::string rewrite_case(const CaseFile& file, const std::vector<CaseUpdate>& updates);

}  // namespace pgpm::tests
