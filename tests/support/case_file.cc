#include "tests/support/case_file.h"

#include <charconv>
#include <optional>
#include <stdexcept>

#include "tests/support/line_match.h"

namespace pgpm::tests {
namespace {

constexpr std::string_view indent = "  ";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}
bool is_indented(std::string_view line) {
  return line.starts_with(indent) && !is_blank(line);
}

std::optional<std::string> after(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return std::nullopt;
  return std::string(line.substr(prefix.size()));
}

/// "[exit 13]" -> 13
std::optional<int> exit_line(std::string_view line) {
  if (!line.starts_with("[exit ") || !line.ends_with("]")) return std::nullopt;
  int status = 0;
  const auto [end, error] = std::from_chars(line.data() + 6, line.data() + line.size() - 1, status);
  if (error != std::errc() || end != line.data() + line.size() - 1) return std::nullopt;
  return status;
}

/// Output that would be taken for a command, its input or its status when it is read again.
bool reads_as_something_else(std::string_view line) {
  return line.starts_with("$ ") || line.starts_with("tty$ ") || line.starts_with("> ") ||
         line.starts_with("< ") || line == "<" || exit_line(line);
}

class CaseParser {
 public:
  explicit CaseParser(std::string_view text) { file_.lines = split_lines(text); }

  CaseFile run() {
    while (more()) top_level();
    return std::move(file_);
  }

 private:
  bool more() const { return at_ < file_.lines.size(); }
  const std::string& line() const { return file_.lines[at_]; }
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("line " + std::to_string(at_ + 1) + ": " + what);
  }

  void top_level() {
    if (is_blank(line()) || line().starts_with("#")) {
      ++at_;
    } else if (is_indented(line())) {
      read_step();
    } else if (const auto path = after(line(), "--- file ")) {
      read_file(*path);
    } else {
      read_directive();
      ++at_;
    }
  }

  void read_directive() {
    if (const auto what = after(line(), "require ")) {
      require(*what);
    } else if (const auto setting = after(line(), "env ")) {
      const std::size_t equals = setting->find('=');
      if (equals == std::string::npos) fail("env NAME=VALUE");
      file_.items.emplace_back(
          CaseEnvironment{setting->substr(0, equals), setting->substr(equals + 1)});
    } else if (line() == "database absent") {
      file_.database = CaseDatabase::absent;
    } else if (line() == "database none") {
      file_.database = CaseDatabase::none;
    } else {
      fail("\"" + line() + "\" is no directive (# comments, two blanks before commands)");
    }
  }

  void require(const std::string& what) {
    if (what != "network" && what != "postgis" && what != "pgtap" && what != "psql" &&
        what != "root" && what != "ordinary-user" && what != "xmllint" && what != "prove" &&
        what != "jsonschema" && what != "sqitch" && what != "extension-folder" &&
        what != "postgresql-15" && what != "pg_dump")
      fail("unknown requirement \"" + what + "\"");
    file_.requirements.push_back(what);
  }

  void read_file(const std::string& path) {
    CaseWrite write{path, {}};
    const std::size_t start = at_++;
    for (; more() && line() != "---"; ++at_) write.content += line() + "\n";
    if (!more()) {
      at_ = start;
      fail("no \"---\" ends this file");
    }
    ++at_;
    file_.items.emplace_back(std::move(write));
  }

  bool at_command() const { return line().starts_with("  $ ") || line().starts_with("  tty$ "); }

  void read_step() {
    if (!at_command()) fail("a command starts with \"  $ \" or \"  tty$ \"");
    CaseStep step;
    step.line = at_ + 1;
    step.terminal = line().starts_with("  tty$ ");
    step.command = line().substr(step.terminal ? 7 : 4);
    for (++at_; more() && line().starts_with("  > "); ++at_)
      step.command += "\n" + line().substr(4);
    for (; more() && (line().starts_with("  < ") || line() == "  <"); ++at_)
      step.input += (line().size() > 4 ? line().substr(4) : "") + "\n";
    step.expected_begin = step.expected_end = at_;
    read_expected(step);
    file_.items.emplace_back(std::move(step));
  }

  /// Blank lines belong to the output only if more of it follows.
  void read_expected(CaseStep& step) {
    std::size_t blanks = 0;
    for (; more() && !at_command(); ++at_) {
      if (is_blank(line())) {
        ++blanks;
        continue;
      }
      if (!is_indented(line())) return;
      step.expected_end = at_ + 1;
      if (const auto status = exit_line(line().substr(indent.size()))) {
        step.exit_status = *status;
        ++at_;
        return;
      }
      step.expected.insert(step.expected.end(), blanks, std::string());
      blanks = 0;
      step.expected.push_back(line().substr(indent.size()));
    }
  }

  CaseFile file_;
  std::size_t at_ = 0;
};

void append_lines(std::vector<std::string>& lines, std::string_view text, std::string_view mark) {
  std::vector<std::string> more = split_lines(text);
  while (!more.empty() && is_blank(more.back())) more.pop_back();
  for (const std::string& line : more)
    lines.push_back(line.empty() && !mark.empty() ? "2>" : std::string(mark) + line);
}

}  // namespace

CaseFile parse_case(std::string_view text) {
  return CaseParser(text).run();
}

std::vector<std::string> output_lines(std::string_view out, std::string_view err) {
  std::vector<std::string> lines;
  append_lines(lines, out, "");
  append_lines(lines, err, "2> ");
  for (std::string& line : lines) {
    if (is_blank(line)) line.clear();  // it could not be told from an empty one in the file
    if (reads_as_something_else(line)) line.insert(0, "\\");
  }
  return lines;
}

std::string rewrite_case(const CaseFile& file, const std::vector<CaseUpdate>& updates) {
  std::string text;
  std::size_t at = 0;
  const auto copy_to = [&](std::size_t end) {
    for (; at < end; ++at) text += file.lines[at] + "\n";
  };
  for (const CaseUpdate& update : updates) {
    copy_to(update.step->expected_begin);
    for (const std::string& line : update.lines)
      text += line.empty() ? "\n" : std::string(indent) + line + "\n";
    if (update.exit_status != 0) text += "  [exit " + std::to_string(update.exit_status) + "]\n";
    at = update.step->expected_end;
  }
  copy_to(file.lines.size());
  return text;
}

}  // namespace pgpm::tests
