// The line grammar, by hand: no regular expressions, one pass, linear in the line. A cursor walks
// the line and every part has a function that takes it. Must not know about other lines, names of
// other changes, or files.
#include "engine/workspace/plan_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/text/ascii.h"
#include "engine/workspace/blank.h"
#include "engine/workspace/names.h"

namespace pgpm {
namespace {

constexpr std::size_t timestamp_length = 20;
constexpr const char* change_shape =
    "a change line is: name [requirements] 2024-01-15T10:00:00Z Planner <email> # note";
constexpr const char* tag_shape =
    "a tag line is: @name 2024-01-15T10:00:00Z Planner <email> # note";

struct Cursor {
  std::string_view line;
  std::size_t at = 0;

  bool done() const { return at >= line.size(); }
  char peek() const { return done() ? '\0' : line[at]; }
  std::string_view rest() const { return line.substr(at); }
  void skip() { at = skip_blanks(line, at); }
  std::string_view word() {
    const std::size_t begin = at;
    at = skip_word(line, at);
    return line.substr(begin, at - begin);
  }
};

void report(LineProblems& problems, std::size_t offset, std::string message, std::string hint) {
  problems.push_back({Severity::error, offset, std::move(message), std::move(hint)});
}

void warn(LineProblems& problems, std::size_t offset, std::string message, std::string hint) {
  problems.push_back({Severity::warning, offset, std::move(message), std::move(hint)});
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

int days_in_month(int year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_real_time(std::string_view t) {
  const int month = number(t.substr(5, 2)), day = number(t.substr(8, 2));
  if (month < 1 || month > 12 || day < 1) return false;
  if (day > days_in_month(number(t.substr(0, 4)), month)) return false;
  return number(t.substr(11, 2)) < 24 && number(t.substr(14, 2)) < 60 &&
         number(t.substr(17, 2)) <= 60;
}

/// The '#' that starts a note in a text without e-mail: at its start or after a blank.
std::size_t note_start(std::string_view text) {
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1))
    if (at == 0 || trim_blanks(text.substr(0, at)).size() < at) return at;
  return std::string_view::npos;
}

struct Author {
  std::string &planner, &email, &note;
};

void take_note(Cursor& in, std::string& note) {
  ++in.at;
  note = unescape_note(trim_blanks(in.rest()));
  in.at = in.line.size();
}

bool take_email(Cursor& in, std::string& email, LineProblems& problems) {
  const std::size_t close = in.line.find('>', in.at);
  if (close == std::string_view::npos || close == in.at + 1) {
    report(problems, in.at,
           close == in.at + 1 ? "the e-mail is empty" : "the e-mail is not closed with '>'",
           "write it as <name@example.com>");
    return false;
  }
  email = in.line.substr(in.at + 1, close - in.at - 1);
  in.at = close + 1;
  return true;
}

void take_planner(Cursor& in, std::string& planner, LineProblems& problems) {
  const std::string_view rest = in.rest();
  std::size_t end = std::min(rest.find('<'), rest.size());
  end = std::min(end, note_start(rest.substr(0, end)));
  planner = trim_blanks(rest.substr(0, end));
  if (end < rest.size() && rest[end] == '<' && !planner.empty() && planner.size() == end)
    report(problems, in.at + end, "a blank is missing between planner and <email>", "");
  if (planner.starts_with('['))
    warn(problems, in.at,
         "the list after the timestamp is read as part of the planner's name: it requires nothing",
         "requirements go between name and timestamp");
  in.at += end;
}

/// [planner] [<email>] [# note], to the end of the line.
void take_author(Cursor& in, Author author, LineProblems& problems) {
  in.skip();
  if (in.peek() != '#' && in.peek() != '<') take_planner(in, author.planner, problems);
  if (in.peek() == '<' && !take_email(in, author.email, problems)) return;
  in.skip();
  if (in.done()) return;
  if (in.peek() == '#') return take_note(in, author.note);
  report(
      problems, in.at, "unexpected text behind the e-mail",
      in.peek() == '[' ? "requirements go between name and timestamp" : "a note starts with '#'");
}

bool take_timestamp(Cursor& in, std::string& timestamp, LineProblems& problems) {
  if (!is_timestamp(in.rest().substr(0, timestamp_length))) return false;
  timestamp = in.rest().substr(0, timestamp_length);
  if (!is_real_time(timestamp))
    warn(problems, in.at, fmt::format("there is no such time: {}", timestamp), "");
  in.at += timestamp_length;
  return true;
}

std::string reference_hint(std::string_view text) {
  if (text.find(',') != std::string_view::npos)
    return "requirements are separated by blanks, not by commas";
  return "a reference is: change, @tag, change@tag, module:change or module:@tag; '!' in front "
         "makes it a "
         "conflict";
}

void take_reference(std::string_view word, std::size_t offset, ColumnCounter& columns,
                    Change& change, LineProblems& problems) {
  const bool conflict = word.starts_with('!');
  const std::string_view text = word.substr(conflict ? 1 : 0);
  std::optional<ChangeRef> ref = ChangeRef::parse(text);
  if (!ref)
    return report(problems, offset, fmt::format("\"{}\" is no reference", word),
                  reference_hint(word));
  Dependency& dependency = change.dependencies.emplace_back();
  if (conflict) dependency.kind = Dependency::Kind::conflicts;
  dependency.ref = std::move(*ref);
  dependency.text = text;
  dependency.column = columns.of(offset);
}

bool take_list(Cursor& in, Change& change, LineProblems& problems) {
  const std::size_t close = in.line.find(']', in.at);
  if (close == std::string_view::npos) {
    report(problems, in.at, "the list of requirements is not closed with ']'", change_shape);
    return false;
  }
  ColumnCounter columns(in.line);
  Cursor list{in.line.substr(0, close), in.at + 1};
  for (list.skip(); !list.done(); list.skip()) {
    const std::size_t offset = list.at;
    take_reference(list.word(), offset, columns, change, problems);
  }
  in.at = close + 1;
  in.skip();
  return true;
}

bool take_operator(Cursor& in, LineProblems& problems) {
  if (in.peek() == '-') {
    report(problems, in.at,
           "a line that starts with '-' is Sqitch's old \"revert\" operator, which nothing obeys",
           "to take a change back, use its revert script; delete this line, or its '-' to keep the "
           "change");
    return false;
  }
  if (in.peek() == '+') {
    ++in.at;
    in.skip();
  }
  return true;
}

/// What to say about a name that is none: the usual slips have their own words.
void report_name(std::string_view name, std::size_t offset, const std::string& problem,
                 LineProblems& problems) {
  const std::size_t bracket = name.find('[');
  if (name.empty() || bracket == 0 || is_timestamp(name.substr(0, timestamp_length)))
    return report(problems, offset, "the change's name is missing", change_shape);
  if (bracket != std::string_view::npos)
    return report(problems, offset + bracket, "a blank is missing before '['", change_shape);
  report(problems, offset, fmt::format("\"{}\" is no change name: {}", name, problem), "");
}

bool take_name(Cursor& in, Change& change, LineProblems& problems) {
  const std::size_t offset = in.at;
  change.name = in.word();
  const std::string problem = change_name_problem(change.name, NameRules::read);
  if (problem.empty()) return true;
  report_name(change.name, offset, problem, problems);
  const bool torn = change.name.empty() || change.name.find('[') != std::string::npos;
  return !torn && !is_timestamp(std::string_view(change.name).substr(0, timestamp_length));
}

void report_not_timestamp(const Cursor& in, LineProblems& problems) {
  if (in.peek() == '[')
    return report(problems, in.at, "a change has one list of requirements", change_shape);
  if (in.peek() == '#')
    return report(problems, in.at, "a note needs a timestamp, a planner and an e-mail before it",
                  change_shape);
  report(problems, in.at, "expected a timestamp like 2024-01-15T10:00:00Z (UTC, no fractions)",
         change_shape);
}

bool take_tag_name(Cursor& in, Tag& tag, LineProblems& problems) {
  const std::size_t offset = in.at++;
  tag.name = in.word();
  const std::string problem = tag_name_problem(tag.name, NameRules::read);
  if (problem.empty()) return true;
  report(problems, offset, fmt::format("\"@{}\" is no tag: {}", tag.name, problem), tag_shape);
  return false;
}

}  // namespace

LineKind line_kind(std::string_view line) {
  const std::size_t at = skip_blanks(line, 0);
  if (at == line.size()) return LineKind::blank;
  switch (line[at]) {
    case '#':
      return LineKind::comment;
    case '%':
      return LineKind::pragma;
    case '@':
      return LineKind::tag;
    default:
      return LineKind::change;
  }
}

PragmaLine parse_pragma(std::string_view line) {
  PragmaLine pragma;
  line = line.substr(0, line.find('#'));
  const std::size_t begin = skip_blanks(line, line.find('%') + 1);
  const std::size_t equals = std::min(line.find('=', begin), line.size());
  pragma.name = trim_blanks(line.substr(begin, equals - begin));
  pragma.name_offset = begin;
  pragma.value_offset = skip_blanks(line, std::min(equals + 1, line.size()));
  pragma.value = trim_blanks(line.substr(pragma.value_offset));
  return pragma;
}

bool parse_change(std::string_view line, Change& change, LineProblems& problems) {
  Cursor in{line};
  in.skip();
  if (!take_operator(in, problems) || !take_name(in, change, problems)) return false;
  in.skip();
  if (in.peek() == '[' && !take_list(in, change, problems)) return true;
  if (in.done()) return true;
  if (take_timestamp(in, change.timestamp, problems)) {
    take_author(in, {change.planner, change.email, change.note}, problems);
  } else {
    report_not_timestamp(in, problems);
  }
  return true;
}

bool parse_tag(std::string_view line, TagLine& tag, LineProblems& problems) {
  Cursor in{line};
  in.skip();
  if (!take_tag_name(in, tag.tag, problems)) return false;
  in.skip();
  if (!in.done() && !is_timestamp(in.rest().substr(0, timestamp_length))) {
    tag.place_offset = in.at;
    tag.place = in.word();
    in.skip();
  }
  if (!take_timestamp(in, tag.tag.timestamp, problems)) {
    report(problems, tag.place.empty() ? in.at : tag.place_offset,
           "expected a timestamp like 2024-01-15T10:00:00Z (UTC, no fractions)", tag_shape);
    return true;
  }
  const std::size_t author = in.at, before = problems.size();
  take_author(in, {tag.tag.planner, tag.tag.email, tag.tag.note}, problems);
  if (problems.size() == before && (tag.tag.planner.empty() || tag.tag.email.empty()))
    report(problems, author, "a tag needs a planner and an e-mail", tag_shape);
  return true;
}

std::size_t ColumnCounter::of(std::size_t offset) {
  if (offset < at_) at_ = characters_ = 0;
  for (; at_ < offset && at_ < line_.size(); ++at_)
    if ((static_cast<unsigned char>(line_[at_]) & 0xC0U) != 0x80U) ++characters_;
  return characters_ + 1;
}

bool is_timestamp(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 'd' ? !is_digit(text[i]) : shape[i] != text[i]) return false;
  return true;
}

std::string unescape_note(std::string_view note) {
  if (note.find('\\') == std::string_view::npos) return std::string(note);
  std::string text;
  text.reserve(note.size());
  for (std::size_t i = 0; i < note.size(); ++i) {
    const char next = note[i] == '\\' && i + 1 < note.size() ? note[i + 1] : '\0';
    const bool escape = next == 'n' || next == 'r' || next == '\\';
    text += !escape ? note[i] : next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
    if (escape) ++i;
  }
  return text;
}

}  // namespace pgpm
