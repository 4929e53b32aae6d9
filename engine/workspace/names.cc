// Name rules. Surprising: Sqitch wants a name to end in a "word character" of Unicode. Rather than
// carry the Unicode tables, the writer refuses the blocks of symbols and punctuation; the reader
// does not ask.
#include "engine/workspace/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/text/ascii.h"
#include "engine/text/utf8.h"
#include "engine/workspace/blank.h"
#include "pgpm/plan.h"

namespace pgpm {
namespace {

constexpr std::size_t longest_part = 200;  // a file name holds 255 bytes; "@tag.sql" must fit too
constexpr std::size_t longest_identifier = 63;

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
}

struct Range {
  std::uint32_t first, last;
};
// Symbols and punctuation outside ASCII (without the letters, digits, joiners and connectors among
// them).
constexpr std::array<Range, 26> symbols{{
    {0x00A1, 0x00A9},   {0x00AB, 0x00B4}, {0x00B6, 0x00B9}, {0x00BB, 0x00BF}, {0x00D7, 0x00D7},
    {0x00F7, 0x00F7},   {0x02C2, 0x02C5}, {0x2010, 0x203E}, {0x2041, 0x2053}, {0x2055, 0x2070},
    {0x2074, 0x207E},   {0x2080, 0x208E}, {0x20A0, 0x20CF}, {0x2140, 0x2144}, {0x2150, 0x215F},
    {0x2190, 0x24B5},   {0x24EA, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3001, 0x3004}, {0x3008, 0x3020},
    {0xE000, 0xF8FF},   {0xFE10, 0xFE1F}, {0xFE50, 0xFE6F}, {0xFF01, 0xFF0F}, {0xFFE0, 0xFFFF},
    {0x1F000, 0x1FAFF},
}};

std::uint32_t last_character(std::string_view name) {
  std::size_t at = name.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(name[at]) & 0xC0U) == 0x80U) --at;
  const std::uint32_t lead = static_cast<unsigned char>(name[at]);
  if (lead < 0x80) return lead;
  std::uint32_t value = lead & (lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU);
  for (++at; at < name.size(); ++at)
    value = value << 6U | (static_cast<unsigned char>(name[at]) & 0x3FU);
  return value;
}

bool ends_in_symbol(std::string_view name) {
  const std::uint32_t last = last_character(name);
  return std::any_of(symbols.begin(), symbols.end(),
                     [last](Range range) { return last >= range.first && last <= range.last; });
}

/// Letters, digits and the rest that is good in any name: nearly every byte of a plan ends here.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x21; c < 0x7F; ++c) table[c] = true;
  for (const char c : {':', '@', '#', '\\', '/'}) table[static_cast<unsigned char>(c)] = false;
  return table;
}();

std::string character_problem(std::string_view name, std::string_view forbidden) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (plain[static_cast<unsigned char>(name[i])]) continue;
    if (name[i] == '\0') return "it contains a NUL byte";
    if (blank_at(name, i) != 0) return "it contains a blank";
    if (is_control(name[i])) return "it contains a control character";
    if (forbidden.find(name[i]) != std::string_view::npos)
      return fmt::format("it contains '{}'", name[i]);
  }
  return {};
}

std::string edge_problem(std::string_view name) {
  if (is_punctuation(name.front()) && name.front() != '_')
    return fmt::format("it starts with '{}'", name.front());
  if (is_punctuation(name.back()) && name.back() != '_')
    return fmt::format("it ends with '{}'", name.back());
  std::size_t digits = name.size();
  while (digits > 0 && is_digit(name[digits - 1])) --digits;
  if (digits == name.size() || digits == 0) return {};
  if (std::string_view("~^/=%").find(name[digits - 1]) == std::string_view::npos) return {};
  return fmt::format("it ends with '{}' and a number", name[digits - 1]);
}

std::string path_problem(std::string_view name) {
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part == "..") return "it could leave the module's folder: it contains '..'";
    if (part == ".") return "it contains '.' as a part of its path";
    if (part.empty()) return "it contains an empty part: '//'";
    begin = end + 1;
  }
  return {};
}

std::string reserved_problem(std::string_view name) {
  if (name == "HEAD") return "HEAD always means the last change";
  if (name == "ROOT") return "ROOT always means the first change";
  if (is_change_id(name)) return "40 hex digits always mean a change by its Sqitch id";
  return {};
}

std::string write_problem(std::string_view name) {
  if (find_invalid_utf8(name)) return "it is not valid UTF-8";
  if (name.find_first_of("[]") != std::string_view::npos) return "it contains a square bracket";
  if (name.size() >= 40 && is_change_id(name.substr(0, 40)))
    return "it starts with 40 hex digits, which Sqitch takes for an id";
  if (ends_in_symbol(name)) return "it ends with a symbol, not with a letter or digit";
  std::size_t part = 0;
  for (const char c : name) {
    part = c == '/' ? 0 : part + 1;
    if (part > longest_part)
      return fmt::format("a part of it is longer than {} bytes", longest_part);
  }
  return {};
}

/// What PostgreSQL takes for no name of an extension.
std::string dash_problem(std::string_view name) {
  if (name.front() == '-' || name.back() == '-') return "it starts or ends with '-'";
  if (name.find("--") != std::string_view::npos)
    return "it contains '--', which separates name and version in extension file names";
  return {};
}

std::string first_of(std::string_view name, std::string_view forbidden, NameRules rules) {
  if (name.empty()) return "it is empty";
  std::string problem = character_problem(name, forbidden);
  if (problem.empty()) problem = path_problem(name);
  if (problem.empty()) problem = edge_problem(name);
  if (problem.empty()) problem = reserved_problem(name);
  if (problem.empty() && rules == NameRules::write) problem = write_problem(name);
  return problem;
}

}  // namespace

bool is_change_id(std::string_view text) {
  return text.size() == 40 && std::all_of(text.begin(), text.end(), is_hex);
}

std::string change_name_problem(std::string_view name, NameRules rules) {
  // A leading or trailing slash is an empty part too, but "absolute" is what its author has to
  // hear.
  if (name.starts_with('/')) return "it is an absolute path";
  return first_of(name, ":@#\\", rules);
}

std::string tag_name_problem(std::string_view name, NameRules rules) {
  return first_of(name, ":@#\\/", rules);
}

std::string change_name_problem(std::string_view name) {
  return change_name_problem(name, NameRules::write);
}
std::string tag_name_problem(std::string_view name) {
  return tag_name_problem(name, NameRules::write);
}

std::string project_name_problem(std::string_view name) {
  if (name.empty()) return "it is empty";
  return character_problem(name, ":#\\");
}

std::string module_name_problem(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > longest_identifier) return "it is longer than PostgreSQL's 63 bytes";
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !is_digit(c) && c != '_' && c != '-')
      return "it may hold letters, digits, '_' and '-' only";
  }
  return dash_problem(name);
}

std::string required_name_problem(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > longest_identifier) return "it is longer than PostgreSQL's 63 bytes";
  if (find_invalid_utf8(name)) return "it is not valid UTF-8";
  // Part of no word in the list, or of no file's name.
  if (std::string problem = character_problem(name, "#/\\"); !problem.empty()) return problem;
  if (const std::size_t at = name.find_first_of(",;'\""); at != name.npos)
    return fmt::format("it contains '{}'", name[at]);
  return dash_problem(name);
}

void check_required_names(const std::vector<std::string>& names, const std::string& own) {
  for (const std::string& name : names) {
    if (const std::string problem = required_name_problem(name); !problem.empty())
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" is no module or extension name: {}", name, problem));
    if (name == own)
      throw Error(ErrorCode::configuration, fmt::format("\"{}\" cannot require itself", name));
  }
}

}  // namespace pgpm
