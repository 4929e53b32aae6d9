// Line-faithful edits. The text is never rebuilt from the model: comments, blank lines, spacing and
// line ends of what is there stay as they are, and new lines take the line end of the file.
#include "engine/workspace/plan_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/text/file.h"
#include "engine/text/utf8.h"
#include "engine/workspace/blank.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/plan_line.h"

namespace pgpm {
namespace {

std::string escaped_note(std::string_view note) {
  std::string text;
  for (const char c : trim_blanks(note)) {
    if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\\')
      text += "\\\\";
    else
      text += c;
  }
  return text;
}

/// Without the characters that would end the field early. Real names hold them now and then; plans
/// cannot.
std::string plain_field(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
    if (c == '<' || c == '>' || c == '#') continue;
    text += control ? ' ' : c;
  }
  return std::string(trim_blanks(text));
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string_view line_end_of(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

/// Puts `line` in as a line of its own behind line `number`.
std::string insert_after(const std::string& text, std::size_t number, const std::string& line) {
  const TextLines lines(text);
  const std::string_view line_end = line_end_of(text);
  const std::size_t at = number < lines.count() ? lines.offset(number + 1) : text.size();
  std::string result = text.substr(0, at);
  if (!result.empty() && result.back() != '\n') result += line_end;
  result += line;
  result += line_end;
  return result + text.substr(at);
}

}  // namespace

std::string authored(const Authorship& by, std::string_view note) {
  const std::string planner = plain_field(by.planner), email = plain_field(by.email);
  if (planner.empty() || email.empty())
    throw Error(ErrorCode::configuration, "the planner's name or e-mail is not known")
        .hint("set git's user.name and user.email, or PGPM_PLANNER_NAME and PGPM_PLANNER_EMAIL");
  if (!is_timestamp(by.timestamp))
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no timestamp", by.timestamp))
        .hint("it must look like 2024-01-15T10:00:00Z");
  if (find_invalid_utf8(planner) || find_invalid_utf8(email) || find_invalid_utf8(note))
    throw Error(ErrorCode::configuration, "planner, e-mail and note must be valid UTF-8 text");
  std::string fields = fmt::format("{} {} <{}>", by.timestamp, planner, email);
  const std::string text = escaped_note(note);
  return text.empty() ? fields : fields + " # " + text;
}

std::string with_tag_line(const Plan& plan, std::size_t change, const std::string& line) {
  const bool last = change + 1 == plan.changes.size();
  const std::size_t limit = last ? std::string::npos : plan.changes[change + 1].line;
  std::size_t after = plan.changes[change].line;
  // A tag line further down that names this change must not draw the new line to itself.
  for (const Tag& tag : plan.tags)
    if (tag.change == change && tag.line < limit) after = std::max(after, tag.line);
  return insert_after(plan.text, after, line);
}

std::string with_change_line(const Plan& plan, const std::string& line) {
  const TextLines lines(plan.text);
  const bool tagged = !plan.changes.empty() && !plan.tags_of(plan.changes.size() - 1).empty();
  const bool blank_above =
      lines.count() == 0 || line_kind(lines.line(lines.count())) == LineKind::blank;
  const bool separate = !blank_above && (tagged || plan.changes.empty());
  return insert_after(plan.text, lines.count(),
                      separate ? std::string(line_end_of(plan.text)) + line : line);
}

std::string without_changes(const Plan& plan, std::size_t first) {
  std::set<std::size_t> gone;
  for (std::size_t change = first; change < plan.changes.size(); ++change)
    gone.insert(plan.changes[change].line);
  for (const Tag& tag : plan.tags)
    if (tag.change >= first) gone.insert(tag.line);
  const TextLines lines(plan.text);
  std::string text = plan.text.substr(0, lines.count() == 0 ? 0 : lines.offset(1));
  for (std::size_t number = 1; number <= lines.count(); ++number) {
    const std::size_t end = number < lines.count() ? lines.offset(number + 1) : plan.text.size();
    if (!gone.contains(number))
      text += plan.text.substr(lines.offset(number), end - lines.offset(number));
  }
  return text;
}

Plan read_plan_file(const std::string& file) {
  auto text = read_regular_file(file);
  if (!text) throw Error(ErrorCode::configuration, fmt::format("{} does not exist", file));
  PlanReading reading = read_plan(file, std::move(*text));
  if (has_errors(reading.diagnostics))
    throw Error(ErrorCode::configuration, fmt::format("{} has errors", file))
        .with(std::move(reading.diagnostics));
  return std::move(reading.plan);
}

void write_plan_file(const std::string& file, const std::string& text) {
  PlanReading reading = read_plan(file, text);
  if (has_errors(reading.diagnostics))
    throw Error(ErrorCode::configuration, fmt::format("{} would not be readable any more", file))
        .with(std::move(reading.diagnostics));
  replace_file(file, text);
}

}  // namespace pgpm
