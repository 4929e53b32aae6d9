#include "cli/search_path_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pgpm::cli {

namespace {

constexpr std::string_view empty_path = "SELECT pg_catalog.set_config('search_path', '', false);\n";
/// It stands among the first twenty lines; a dump without it is not to be held in memory for that.
constexpr std::size_t longest_preamble = 64 << 10;

/// As the text of a literal.
std::string doubled_quotes(std::string_view text) {
  std::string doubled;
  for (const char c : text) doubled += c == '\'' ? std::string("''") : std::string(1, c);
  return doubled;
}

std::string line_with(const std::vector<std::string>& schemas) {
  if (schemas.empty()) return std::string(empty_path);
  return fmt::format("SELECT pg_catalog.set_config('search_path', '{}', false);\n",
                     doubled_quotes(fmt::format("{}", fmt::join(schemas, ", "))));
}

}  // namespace

SearchPathLine::SearchPathLine(const std::vector<std::string>& schemas, Output& out)
    : replacement_(line_with(schemas)), out_(out) {}

void SearchPathLine::take(std::string_view piece) {
  if (found_ || given_up_) return out_.write(piece);
  held_ += piece;
  const std::size_t at = held_.find(empty_path);
  if (at != std::string::npos) {
    held_.replace(at, empty_path.size(), replacement_);
    found_ = true;
  } else if (held_.size() > longest_preamble) {
    given_up_ = true;
  } else {
    return;
  }
  out_.write(held_);
  held_.clear();
}

bool SearchPathLine::finish() {
  out_.write(held_);
  held_.clear();
  return found_;
}

}  // namespace pgpm::cli
