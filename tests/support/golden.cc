#include "tests/support/golden.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

#include "tests/support/line_match.h"

namespace pgpm::tests {

namespace fs = std::filesystem;

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty()) return;
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// The time PGPM_FROZEN_TIME has in tests: it does not differ, so it stays readable.
constexpr const char* frozen_time = "2024-01-15T10:00:00Z";

void replace_patterns(std::string& text) {
  static const std::pair<std::regex, const char*> patterns[] = {
      {std::regex(R"(\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?)"),
       "<timestamp>"},
      // Blanks in front that only align it depend on its length.
      {std::regex(R"(( ) *<?\b(\d+\.\d+ ?(s|ms|min)|\d+ ms)\b)"), "$1<time>"},
      {std::regex(R"(<?\b(\d+\.\d+ ?(s|ms|min)|\d+ ms)\b)"), "<time>"},
      {std::regex(R"(("duration\w*": ?)[0-9.e+-]+)"), "$1<time>"},
      {std::regex(R"(\b[0-9a-f]{64}\b)"), "<sha256>"},
      {std::regex(R"(\b[0-9a-f]{40}\b)"), "<sha1>"},
      {std::regex(R"(\b(pid|PID) \d+)"), "$1 <pid>"},
  };
  constexpr std::string_view kept = "\x01";
  replace_all(text, frozen_time, kept);
  for (const auto& [pattern, name] : patterns) text = std::regex_replace(text, pattern, name);
  replace_all(text, kept, frozen_time);
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string normalise(std::string text, const Replacements& replacements) {
  Replacements longest_first = replacements;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (const auto& [from, to] : longest_first) replace_all(text, from, to);
  replace_patterns(text);
  replace_all(text, "\r\n", "\n");
  replace_all(text, "\r", "\\r");
  replace_all(text, "\x1b", "\\e");
  return text;
}

bool updating_goldens() {
  const char* value = std::getenv("PGPM_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

std::string golden_difference(const fs::path& file, const std::string& actual) {
  const LineComparison comparison(split_lines(read(file)), split_lines(actual));
  if (comparison.equal() && fs::exists(file)) return {};
  if (!updating_goldens())
    return file.generic_string() + " (- expected, + came)\n" + comparison.to_string();
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  for (const std::string& line : comparison.updated()) out << line << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
  return {};
}

}  // namespace pgpm::tests
