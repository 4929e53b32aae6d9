// A difference in one line of plain text. Values can be whole function bodies: they are shortened
// to the first line that differs, and lines to what fits.
#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "pgpm/catalog.h"

namespace pgpm {

namespace {

constexpr std::size_t longest_value = 100;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Cut between characters, never inside one.
std::string shortened(std::string_view value) {
  if (value.size() <= longest_value) return std::string(value);
  std::size_t end = longest_value;
  while (end > 0 && is_continuation(value[end])) --end;
  return fmt::format("{}...", value.substr(0, end));
}

// The first line that differs of each side.
std::pair<std::string_view, std::string_view> first_difference(std::string_view before,
                                                               std::string_view after) {
  while (!before.empty() && !after.empty()) {
    const std::string_view old_line = take_line(before);
    const std::string_view new_line = take_line(after);
    if (old_line != new_line) return {old_line, new_line};
  }
  return {take_line(before), take_line(after)};
}

std::string describe_fact(const FactDifference& fact) {
  if (!fact.before) return fmt::format("{}: (none) -> {}", fact.name, shortened(*fact.after));
  if (!fact.after) return fmt::format("{}: {} -> (none)", fact.name, shortened(*fact.before));
  const auto [before, after] = first_difference(*fact.before, *fact.after);
  return fmt::format("{}: {} -> {}", fact.name, shortened(before), shortened(after));
}

std::string describe_facts(const std::vector<FactDifference>& facts) {
  std::string text;
  for (const FactDifference& fact : facts) {
    if (!text.empty()) text += "; ";
    text += describe_fact(fact);
  }
  return text;
}

std::string describe_change(const ObjectDifference& difference) {
  switch (difference.difference) {
    case DifferenceKind::only_in_before:
      return "no longer there";
    case DifferenceKind::only_in_after:
      return "not there before";
    case DifferenceKind::changed:
      break;
  }
  return describe_facts(difference.facts);
}

}  // namespace

std::string describe(const ObjectDifference& difference) {
  return fmt::format("{} {}: {}", difference.kind, difference.identity,
                     describe_change(difference));
}

}  // namespace pgpm
