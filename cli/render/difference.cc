#include "cli/render/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

constexpr std::size_t most_lines = 8;  // of each side of a text

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The lines of both sides without those they begin and end with in common.
void drop_common_ends(std::vector<std::string_view>& before, std::vector<std::string_view>& after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t front = 0, back = 0;
  while (front < shorter && before[front] == after[front]) ++front;
  while (back < shorter - front &&
         before[before.size() - 1 - back] == after[after.size() - 1 - back])
    ++back;
  for (auto* lines : {&before, &after}) {
    lines->erase(lines->end() - static_cast<std::ptrdiff_t>(back), lines->end());
    lines->erase(lines->begin(), lines->begin() + static_cast<std::ptrdiff_t>(front));
  }
}

std::string side(const std::vector<std::string_view>& lines, const std::string& mark,
                 const std::string& indent) {
  std::string text;
  const std::size_t shown = lines.size() > most_lines + 1 ? most_lines : lines.size();
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("{}{} {}\n", indent, mark, clean(lines[i]));
  if (shown < lines.size())
    text += fmt::format("{}{} ... {} more lines\n", indent, mark, lines.size() - shown);
  return text;
}

bool is_long(const std::string& value) {
  return value.find('\n') != std::string::npos;
}

std::string show_fact(const FactDifference& fact, const Style& style, const std::string& indent) {
  const std::string before = fact.before.value_or(""), after = fact.after.value_or("");
  if (!is_long(before) && !is_long(after))
    return fmt::format("{}{}: {} -> {}\n", indent, clean(fact.name),
                       fact.before ? style.red(clean(before)) : style.dim("(none)"),
                       fact.after ? style.green(clean(after)) : style.dim("(none)"));
  std::vector<std::string_view> old_lines = lines_of(before), new_lines = lines_of(after);
  drop_common_ends(old_lines, new_lines);
  return fmt::format("{}{}:\n", indent, clean(fact.name)) +
         side(old_lines, style.red("-"), indent + "  ") +
         side(new_lines, style.green("+"), indent + "  ");
}

std::string mark_of(DifferenceKind kind, const Style& style) {
  switch (kind) {
    case DifferenceKind::only_in_before:
      return style.red("-");
    case DifferenceKind::only_in_after:
      return style.green("+");
    case DifferenceKind::changed:
      return style.yellow("~");
  }
  return "";
}

}  // namespace

std::string show_difference(const ObjectDifference& difference, const Style& style,
                            const std::string& indent) {
  std::string text = fmt::format("{}{} {} {}\n", indent, mark_of(difference.difference, style),
                                 clean(difference.kind), style.bold(clean(difference.identity)));
  if (difference.difference != DifferenceKind::changed) return text;
  for (const FactDifference& fact : difference.facts)
    text += show_fact(fact, style, indent + "    ");
  return text;
}

std::string show_differences(const std::vector<ObjectDifference>& differences, const Style& style,
                             std::size_t most, const std::string& indent) {
  const std::vector<ObjectDifference> wholes = without_parts(differences);
  std::string text;
  for (std::size_t i = 0; i < std::min(most, wholes.size()); ++i)
    text += show_difference(wholes[i], style, indent);
  if (wholes.size() > most)
    text += fmt::format("{}... and {} more\n", indent, wholes.size() - most);
  return text;
}

}  // namespace pgpm::cli
