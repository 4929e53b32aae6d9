// read_plan: lines to a Plan, every problem to a diagnostic. The lines are read first; what needs
// the whole plan (tags that name a change, reworks, references) is checked after that, in
// plan_checks.cc.
#include <fmt/format.h>

#include "engine/text/utf8.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/names.h"
#include "engine/workspace/plan_checks.h"
#include "engine/workspace/plan_index.h"
#include "engine/workspace/plan_line.h"
#include "pgpm/plan.h"

namespace pgpm {
namespace {

class PlanReader {
 public:
  PlanReader(Plan& plan, const TextLines& lines, Findings& findings)
      : plan_(plan), lines_(lines), findings_(findings) {}

  void read() {
    plan_.changes.reserve(lines_.count());
    for (number_ = 1; number_ <= lines_.count(); ++number_) read_line(lines_.line(number_));
    // A plan is mostly changes; only one that is not has room worth copying it for.
    if (plan_.changes.capacity() > 2 * plan_.changes.size()) plan_.changes.shrink_to_fit();
    if (plan_.project.empty() && !project_reported_)
      findings_.add(Severity::error, 0, 0, "the plan names no project",
                    "write %project=NAME in its first lines");
    check_plan(plan_, places_, findings_);
  }

 private:
  void read_line(std::string_view line) {
    problems_.clear();
    switch (line_kind(line)) {
      case LineKind::blank:
      case LineKind::comment:
        break;
      case LineKind::pragma:
        read_pragma(line);
        break;
      case LineKind::tag:
        read_tag(line);
        break;
      case LineKind::change:
        read_change(line);
        break;
    }
    ColumnCounter columns(line);
    for (LineProblem& problem : problems_)
      findings_.add(problem.severity, number_, columns.of(problem.offset),
                    std::move(problem.message), std::move(problem.hint));
  }

  void read_change(std::string_view line) {
    plan_.changes.push_back(Change{});
    Change& change = plan_.changes.back();
    change.line = number_;
    if (!parse_change(line, change, problems_)) plan_.changes.pop_back();
  }

  void read_tag(std::string_view line) {
    TagLine tag;
    tag.tag.line = number_;
    if (!parse_tag(line, tag, problems_)) return;
    if (!tag.place.empty()) {
      places_.push_back({plan_.tags.size(), plan_.changes.size(),
                         ColumnCounter(line).of(tag.place_offset), tag.place});
    } else if (plan_.changes.empty()) {
      findings_.add(Severity::error, number_, 1,
                    fmt::format("tag \"@{}\" stands before the first change", tag.tag.name),
                    "a tag names the change above it");
      return;
    } else {
      tag.tag.change = plan_.changes.size() - 1;
    }
    plan_.tags.push_back(std::move(tag.tag));
  }

  void read_pragma(std::string_view line) {
    const PragmaLine pragma = parse_pragma(line);
    if (pragma.name == "uri") plan_.uri = pragma.value;
    if (pragma.name == "project") read_project(line, pragma);
  }

  void read_project(std::string_view line, const PragmaLine& pragma) {
    const std::string problem = project_name_problem(pragma.value);
    if (!problem.empty()) {
      project_reported_ = true;
      findings_.add(Severity::error, number_, ColumnCounter(line).of(pragma.value_offset),
                    fmt::format("\"{}\" is no project name: {}", pragma.value, problem),
                    "write %project=NAME");
      return;
    }
    if (!plan_.project.empty() && plan_.project != pragma.value)
      findings_.add(
          Severity::warning, number_, ColumnCounter(line).of(pragma.value_offset),
          fmt::format("a second %project: \"{}\" replaces \"{}\"", pragma.value, plan_.project),
          "keep one of them");
    plan_.project = pragma.value;
  }

  Plan& plan_;
  const TextLines& lines_;
  Findings& findings_;
  std::vector<TagPlace> places_;
  LineProblems problems_;
  std::size_t number_ = 0;
  bool project_reported_ = false;
};

/// A file that is not text (UTF-16, an archive) gets one message, not one per line.
bool check_encoding(const Plan& plan, const TextLines& lines, Findings& findings) {
  const auto invalid = find_invalid_utf8(plan.text);
  if (!invalid) return true;
  std::size_t line = 1;
  while (line < lines.count() && lines.offset(line + 1) <= *invalid) ++line;
  const std::size_t begin = line <= lines.count() ? lines.offset(line) : 0;
  const bool nul = plan.text[*invalid] == '\0';
  const std::string_view before = std::string_view(plan.text).substr(begin, *invalid - begin);
  findings.add(Severity::error, line, ColumnCounter(before).of(before.size()),
               nul ? "the plan contains a NUL byte" : "the plan is not valid UTF-8",
               "save the file as UTF-8 text");
  return false;
}

}  // namespace

PlanReading read_plan(std::string file, std::string text) {
  PlanReading reading;
  reading.plan.file = file;
  reading.plan.text = std::move(text);
  const TextLines lines(reading.plan.text);
  Findings findings(std::move(file), lines);
  if (check_encoding(reading.plan, lines, findings))
    PlanReader(reading.plan, lines, findings).read();
  index_of(reading.plan);
  reading.diagnostics = findings.take();
  return reading;
}

}  // namespace pgpm
