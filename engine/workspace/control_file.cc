// Reading and line-faithful writing of control files. A setting is kept as offsets into its line,
// so that the writer can replace a value and leave quotes of other lines, spacing and comments as
// they are.
#include "engine/workspace/control_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "engine/text/utf8.h"
#include "engine/workspace/findings.h"

namespace pgpm {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}
bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

std::size_t skip(std::string_view line, std::size_t at) {
  while (at < line.size() && is_blank(line[at])) ++at;
  return at;
}

struct Setting {
  std::string key;  // lower case
  std::string value;
  std::size_t key_begin = 0;
  std::size_t value_begin = 0, value_end = 0;  // with quotes
  std::string problem;                         // "" if the line is well-formed
  std::size_t problem_offset = 0;
};

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return c;
  }
}

/// A quoted value from `at` (the quote) on: doubled quotes and backslash escapes as in
/// postgresql.conf.
void take_quoted(std::string_view line, std::size_t at, Setting& setting) {
  const char quote = line[at++];
  for (; at < line.size(); ++at) {
    if (line[at] == quote && at + 1 < line.size() && line[at + 1] == quote) {
      ++at;
    } else if (line[at] == quote) {
      setting.value_end = at + 1;
      return;
    }
    const bool escape = line[at] == '\\' && at + 1 < line.size();
    setting.value += escape ? unescaped(line[++at]) : line[at];
  }
  setting.value_end = line.size();
  setting.problem = "the value is not closed with a quote";
  setting.problem_offset = setting.value_begin;
}

void take_bare(std::string_view line, std::size_t at, Setting& setting) {
  std::size_t end = std::min(line.find('#', at), line.size());
  while (end > at && is_blank(line[end - 1])) --end;
  setting.value = line.substr(at, end - at);
  setting.value_end = end;
}

/// nullopt for blank lines and comments.
std::optional<Setting> parse_setting(std::string_view line) {
  Setting setting;
  std::size_t at = setting.key_begin = skip(line, 0);
  if (at == line.size() || line[at] == '#') return std::nullopt;
  while (at < line.size() && is_key_character(line[at])) ++at;
  setting.key = line.substr(setting.key_begin, at - setting.key_begin);
  std::transform(setting.key.begin(), setting.key.end(), setting.key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  at = skip(line, at);
  const bool equals = at < line.size() && line[at] == '=';
  if (equals) at = skip(line, at + 1);
  setting.value_begin = setting.value_end = at;
  const bool quoted = at < line.size() && (line[at] == '\'' || line[at] == '"');
  if (setting.key.empty() || (!equals && !quoted)) {
    setting.problem = "this is no \"name = 'value'\" line";
    setting.problem_offset = setting.key_begin;
    setting.key.clear();
  } else if (quoted) {
    take_quoted(line, at, setting);
    const std::size_t rest = skip(line, setting.value_end);
    if (setting.problem.empty() && rest < line.size() && line[rest] != '#') {
      setting.problem = "unexpected text behind the value";
      setting.problem_offset = rest;
    }
  } else {
    take_bare(line, at, setting);
  }
  return setting;
}

std::vector<std::string> split_names(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    constexpr std::string_view around = " \t\r\n\f\v\"'";
    const std::size_t begin = name.find_first_not_of(around);
    if (begin == std::string_view::npos) continue;
    names.emplace_back(name.substr(begin, name.find_last_not_of(around) - begin + 1));
  }
  return names;
}

class ControlReader {
 public:
  ControlReader(ControlFile& control, const TextLines& lines, Findings& findings)
      : control_(control), lines_(lines), findings_(findings) {}

  void read() {
    for (std::size_t number = 1; number <= lines_.count(); ++number) {
      const std::string_view line = lines_.line(number);
      if (auto setting = parse_setting(line)) take(number, line, std::move(*setting));
    }
  }

 private:
  void take(std::size_t number, std::string_view line, Setting setting) {
    // PostgreSQL would refuse the file, upstream reads on: a warning, and the value as far as it
    // goes.
    if (!setting.problem.empty())
      findings_.add(Severity::warning, number,
                    count_characters(line.substr(0, setting.problem_offset)) + 1, setting.problem,
                    "PostgreSQL itself would refuse this control file");
    if (setting.key == "comment") control_.comment = std::move(setting.value);
    if (setting.key == "default_version") control_.default_version = std::move(setting.value);
    if (setting.key == "requires") take_requires(number, setting);
  }

  void take_requires(std::size_t number, const Setting& setting) {
    if (control_.requires_line != 0)
      findings_.add(
          Severity::warning, number, setting.key_begin + 1,
          fmt::format("a second requires: it replaces the one in line {}", control_.requires_line),
          "join them: requires = 'a,b'");
    control_.requires_line = number;
    control_.requires_modules.clear();
    for (std::string& name : split_names(setting.value)) {
      auto& known = control_.requires_modules;
      if (std::find(known.begin(), known.end(), name) == known.end())
        known.push_back(std::move(name));
    }
  }

  ControlFile& control_;
  const TextLines& lines_;
  Findings& findings_;
};

std::string quoted_list(const std::vector<std::string>& names) {
  return fmt::format("'{}'", fmt::join(names, ","));
}

/// Where a new requires line goes: before the first of these settings, else at the end.
std::size_t insertion_offset(std::string_view text, const TextLines& lines) {
  for (std::size_t number = 1; number <= lines.count(); ++number) {
    const auto setting = parse_setting(lines.line(number));
    if (!setting) continue;
    if (setting->key == "relocatable" || setting->key == "superuser" || setting->key == "schema")
      return lines.offset(number);
  }
  return text.size();
}

std::string insert_requires(std::string_view text, const TextLines& lines,
                            const std::vector<std::string>& names) {
  const std::string_view line_end = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  const std::size_t at = insertion_offset(text, lines);
  std::string result(text.substr(0, at));
  if (!result.empty() && result.back() != '\n') result += line_end;
  return result + "requires = " + quoted_list(names) + std::string(line_end) +
         std::string(text.substr(at));
}

/// Where a new value ends the line's old one. What stands behind a malformed value goes with it: a
/// quote there would make one text of both.
std::size_t replaced_end(std::string_view line, const Setting& setting) {
  if (setting.problem.empty()) return setting.value_end;
  return line.ends_with('\r') ? line.size() - 1 : line.size();
}

}  // namespace

std::string control_name(std::string_view file_name) {
  return std::string(file_name.substr(0, file_name.find(".control")));
}

ControlReading read_control(std::string file, std::string_view text) {
  ControlReading reading;
  reading.control.file = file;
  reading.control.name = control_name(std::string_view(file).substr(file.rfind('/') + 1));
  const TextLines lines(text);
  Findings findings(std::move(file), lines);
  if (find_invalid_utf8(text)) {
    findings.add(Severity::error, 0, 0, "the control file is not valid UTF-8 text",
                 "save it as UTF-8");
  } else {
    ControlReader(reading.control, lines, findings).read();
  }
  reading.diagnostics = findings.take();
  return reading;
}

std::string control_text(std::string_view name, std::string_view version,
                         const std::vector<std::string>& requires_modules) {
  std::string text = fmt::format(
      "# {0} extension\ncomment = '{0} extension'\ndefault_version = '{1}'\nmodule_pathname = "
      "'$libdir/{0}'\n",
      name, version);
  if (!requires_modules.empty()) text += "requires = " + quoted_list(requires_modules) + "\n";
  return text + "relocatable = false\nsuperuser = false\n";
}

std::string with_requires(std::string_view text, const std::vector<std::string>& requires_modules) {
  const TextLines lines(text);
  for (std::size_t number = lines.count(); number >= 1; --number) {
    const std::string_view line = lines.line(number);
    const auto setting = parse_setting(line);
    if (!setting || setting->key != "requires") continue;
    const std::size_t begin = lines.offset(number);
    if (!requires_modules.empty())
      return std::string(text.substr(0, begin + setting->value_begin)) +
             quoted_list(requires_modules) +
             std::string(text.substr(begin + replaced_end(line, *setting)));
    const std::size_t end = number < lines.count() ? lines.offset(number + 1) : text.size();
    return std::string(text.substr(0, begin)) + std::string(text.substr(end));
  }
  if (requires_modules.empty()) return std::string(text);
  return insert_requires(text, lines, requires_modules);
}

}  // namespace pgpm
