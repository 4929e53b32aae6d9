// Lines that are indented belong to a subtest, whose own verdict follows as a line of the test
// around it: they do not count. Nor do numbers: pgTAP's are right, and what is missing shows in the
// plan.
#include "engine/testing/tap.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/text/ascii.h"

namespace pgpm {
namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::size_t> take_number(std::string_view& text) {
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Where "# SKIP" or "# TODO" begins: a '#' in a description is escaped.
std::size_t directive_at(std::string_view text) {
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1))
    if (at == 0 || text[at - 1] != '\\') return at;
  return std::string_view::npos;
}

std::string_view directive_of(std::string_view text) {
  const std::size_t at = directive_at(text);
  return at == std::string_view::npos ? std::string_view() : trim(text.substr(at + 1));
}

std::string_view description_of(std::string_view text) {
  text = trim(text.substr(0, directive_at(text)));
  if (take_prefix(text, "- ")) text = trim(text);
  return text;
}

}  // namespace

void TapReader::read(std::string_view text, std::size_t place) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    read_line(trim_right(text.substr(0, end)), place);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void TapReader::read_line(std::string_view line, std::size_t place) {
  if (take_prefix(line, "#")) {
    if (!in_failure_) return;
    std::string& known = failures_.back().diagnostics;
    known += (known.empty() ? "" : "; ") + std::string(trim(line));
    return;
  }
  if (take_prefix(line, "Bail out!")) bail_out_ = trim(line);
  if (read_plan(line)) return;
  const bool ok = !take_prefix(line, "not ");
  const bool assertion = take_prefix(line, "ok") && (line.empty() || is_space(line.front()));
  if (assertion) read_assertion(trim(line), ok, place);
}

void TapReader::read_assertion(std::string_view rest, bool ok, std::size_t place) {
  ++assertions_;
  const std::size_t number = take_number(rest).value_or(assertions_);
  const std::string_view directive = directive_of(rest);
  const bool forgiven = istarts_with(directive, "todo") || istarts_with(directive, "skip");
  in_failure_ = !ok && !forgiven;
  if (in_failure_) failures_.push_back({number, std::string(description_of(rest)), {}, place});
}

bool TapReader::read_plan(std::string_view line) {
  if (!take_prefix(line, "1..")) return false;
  const std::optional<std::size_t> number = take_number(line);
  if (!number) return false;
  planned_ = number;
  std::string_view directive = directive_of(line);
  if (*number == 0 && istarts_with(directive, "skip")) {
    directive.remove_prefix(std::string_view("skip").size());
    skipped_ = trim(directive);
  }
  return true;
}

std::string TapReader::complaint() const {
  if (bail_out_) return bail_out_->empty() ? "bailed out" : "bailed out: " + *bail_out_;
  if (!planned_) return "no plan: the test ends without finish()";
  if (*planned_ == assertions_) return {};
  return fmt::format("planned {} assertion{}, ran {}", *planned_, *planned_ == 1 ? "" : "s",
                     assertions_);
}

}  // namespace pgpm
