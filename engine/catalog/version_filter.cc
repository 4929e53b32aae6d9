#include "engine/catalog/version_filter.h"

#include <charconv>
#include <optional>

namespace pgpm::catalog {

namespace {

// The number after `word` in a line's closing comment.
std::optional<int> number_after(std::string_view comment, std::string_view word) {
  const std::size_t at = comment.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  const char* const end = comment.data() + comment.size();
  int number = 0;
  const auto parsed = std::from_chars(comment.data() + at + word.size(), end, number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

bool is_for(std::string_view line, int major) {
  const std::size_t comment_at = line.rfind("-- ");
  if (comment_at == std::string_view::npos) return true;
  const std::string_view comment = line.substr(comment_at);
  if (!comment.starts_with("-- since ") && !comment.starts_with("-- before ")) return true;
  const std::optional<int> since = number_after(comment, "since ");
  const std::optional<int> before = number_after(comment, "before ");
  return (!since || major >= *since) && (!before || major < *before);
}

}  // namespace

std::string for_version(std::string_view sql, int major) {
  std::string kept;
  kept.reserve(sql.size());
  while (!sql.empty()) {
    const std::size_t end = sql.find('\n');
    const std::string_view line = sql.substr(0, end);
    if (is_for(line, major)) kept.append(line).push_back('\n');
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
  }
  return kept;
}

}  // namespace pgpm::catalog
