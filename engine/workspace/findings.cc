#include "engine/workspace/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/text/utf8.h"

namespace pgpm {
namespace {

constexpr std::size_t most_findings = 500;
constexpr std::size_t longest_shown_line = 2000;  // bytes

std::string shown(std::string_view line) {
  if (line.size() <= longest_shown_line) return std::string(line);
  std::size_t end = longest_shown_line;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return std::string(line.substr(0, end));
}

}  // namespace

TextLines::TextLines(std::string_view text) : text_(text) {
  std::size_t begin = byte_order_mark(text);
  starts_.push_back(begin);
  while ((begin = text.find('\n', begin)) != std::string_view::npos) starts_.push_back(++begin);
  if (starts_.back() == text.size()) starts_.pop_back();
}

std::string_view TextLines::line(std::size_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t begin = starts_[number - 1];
  std::string_view line = text_.substr(begin, text_.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void Findings::add(Severity severity, std::size_t line, std::size_t column, std::string message,
                   std::string hint) {
  if (found_.size() >= most_findings) {
    ++dropped_;
    return;
  }
  found_.push_back(Diagnostic{severity, SourceLocation{file_, line, column}, std::move(message),
                              shown(lines_.line(line)), std::move(hint)});
}

std::vector<Diagnostic> Findings::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
  // The dropped ones may have been errors, so what stands for them is one.
  if (dropped_ > 0)
    found_.push_back(file_finding(Severity::error, file_,
                                  fmt::format("{} more problems are not shown", dropped_)));
  return std::move(found_);
}

Diagnostic file_finding(Severity severity, std::string file, std::string message,
                        std::string hint) {
  return Diagnostic{
      severity, SourceLocation{std::move(file), 0, 0}, std::move(message), {}, std::move(hint)};
}

}  // namespace pgpm
