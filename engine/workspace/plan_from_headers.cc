// Bringing a plan in line with the headers of the deploy scripts: lists are replaced and lines put
// in, nothing else moves. Whether the outcome is a plan the reader decides.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/text/file.h"
#include "engine/workspace/blank.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/header_plan.h"
#include "engine/workspace/own_reference.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

using Names = std::vector<std::string>;

std::string own_change(const std::string& reference) {
  const auto ref = ChangeRef::parse(reference);
  return ref && ref->module.empty() && ref->tag.empty() && ref->offset == 0 ? ref->change : "";
}

/// New scripts, each behind the new ones it requires.
class NewOrder {
 public:
  explicit NewOrder(const std::map<std::string, const ScriptNeeds*>& fresh) : fresh_(fresh) {
    for (const auto& [name, needs] : fresh) visit(name);
  }
  const Names& order() const { return order_; }

 private:
  void visit(const std::string& name) {
    const auto entry = fresh_.find(name);
    if (entry == fresh_.end() || done_.contains(name)) return;
    const auto open = std::find(path_.begin(), path_.end(), name);
    if (open != path_.end()) {
      Names cycle(open, path_.end());
      cycle.push_back(name);
      throw Error(ErrorCode::configuration, fmt::format("the deploy scripts require each other: {}",
                                                        fmt::join(cycle, " -> ")));
    }
    path_.push_back(name);
    for (const std::string& reference : entry->second->requires_changes)
      visit(own_change(reference));
    path_.pop_back();
    done_.insert(name);
    order_.push_back(name);
  }

  const std::map<std::string, const ScriptNeeds*>& fresh_;
  Names order_, path_;
  std::set<std::string> done_;
};

/// The line with another list; conflicts stay, behind the requirements.
std::string with_list(std::string_view line, const Names& entries) {
  std::size_t begin = skip_blanks(line, 0);
  if (begin < line.size() && line[begin] == '+') begin = skip_blanks(line, begin + 1);
  const std::size_t name_end = skip_word(line, begin);
  const std::size_t open = skip_blanks(line, name_end);
  const bool listed = open < line.size() && line[open] == '[';
  std::size_t rest = listed ? std::min(line.find(']', open), line.size() - 1) + 1 : name_end;
  std::string text(line.substr(0, name_end));
  if (!entries.empty()) text += fmt::format(" [{}]", fmt::join(entries, " "));
  return text + std::string(line.substr(rest));
}

class PlanUpdating {
 public:
  PlanUpdating(const Workspace& workspace, const Module& module, const Authorship& by)
      : workspace_(workspace), module_(module), plan_(module.plan), by_(by) {}

  PlanUpdate decide() {
    scripts_ = read_script_needs(module_);
    for (const ScriptNeeds& needs : scripts_)
      if (const auto index = plan_.find_change(needs.change))
        update_list(*index, needs);
      else
        fresh_[needs.change] = &needs;
    check_foreign();
    place_new();
    warn_about_missing();
    update_.plan_text = text();
    require_sound();
    return std::move(update_);
  }

 private:
  void update_list(std::size_t index, const ScriptNeeds& needs) {
    if (!needs.has_header) return;
    const Change& change = plan_.changes[index];
    Names before, after = needs.requires_changes, conflicts;
    for (const Dependency& dependency : change.dependencies) {
      const bool required = dependency.kind == Dependency::Kind::requires_change;
      (required ? before : conflicts).push_back(dependency.text);
      // What a rework reworks stands in its plan line only.
      const bool former = required && dependency.ref.module.empty() &&
                          dependency.ref.change == change.name && !dependency.ref.tag.empty();
      if (former && std::find(after.begin(), after.end(), dependency.text) == after.end())
        after.insert(after.begin(), dependency.text);
    }
    for (const std::string& reference : after) note_need(reference, change.line);
    if (std::set<std::string>(before.begin(), before.end()) ==
        std::set<std::string>(after.begin(), after.end()))
      return;
    update_.changed.push_back({change.name, before, after});
    Names entries = after;
    for (const std::string& conflict : conflicts) entries.push_back("!" + conflict);
    replaced_[change.line] = entries;
  }

  /// A new change that a planned line requires goes in front of it.
  void note_need(const std::string& reference, std::size_t line) {
    const std::string name = own_change(reference);
    if (name.empty()) return;
    const auto [place, fresh] = needed_at_.emplace(name, line);
    if (!fresh) place->second = std::min(place->second, line);
  }

  void place_new() {
    const NewOrder order(fresh_);
    for (auto name = order.order().rbegin(); name != order.order().rend(); ++name)
      if (const auto at = needed_at_.find(*name); at != needed_at_.end())
        for (const std::string& reference : fresh_.at(*name)->requires_changes)
          note_need(reference, at->second);
    for (const std::string& name : order.order()) {
      const Names& needs = fresh_.at(name)->requires_changes;
      std::string line = name + " ";
      if (!needs.empty()) line += fmt::format("[{}] ", fmt::join(needs, " "));
      line += authored(by_, "add " + name);
      const auto at = needed_at_.find(name);
      (at == needed_at_.end() ? appended_ : inserted_[at->second]).push_back(line);
      update_.added.push_back({name, needs});
    }
  }

  void check_foreign() {
    NearestBudget budget;
    for (const ScriptNeeds& needs : scripts_)
      for (const std::string& reference : needs.requires_changes) {
        const auto ref = ChangeRef::parse(reference);
        const std::string file =
            shown_path(module_.script_path(Module::ScriptKind::deploy, needs.change));
        if (!ref) {
          problems_.push_back(file_finding(
              Severity::error, file, fmt::format("\"{}\" is no change reference", reference)));
          continue;
        }
        const Module* other = ref->module.empty() ? nullptr : workspace_.find(ref->module);
        if (other == nullptr) continue;
        const OwnReference found = find_reference(other->plan, *ref, budget);
        if (!found.change)
          problems_.push_back(file_finding(
              Severity::error, file,
              fmt::format("\"{}\" cannot be required: {}", reference, found.message), found.hint));
      }
    if (!problems_.empty())
      throw Error(ErrorCode::configuration, "headers of deploy scripts are wrong").with(problems_);
  }

  void warn_about_missing() {
    std::error_code error;
    for (const Change& change : plan_.changes)
      if (!std::filesystem::exists(
              module_.script_path(Module::ScriptKind::deploy, change.script_name), error))
        update_.warnings.push_back({Severity::warning,
                                    {plan_.file, change.line, 0},
                                    fmt::format("{} has no deploy script", change.script_name),
                                    {},
                                    fmt::format("write it, or: pgpm remove {}", change.name)});
  }

  std::string text() const {
    const TextLines lines(plan_.text);
    std::string text = plan_.text.substr(0, lines.count() == 0 ? 0 : lines.offset(1));
    const std::string line_end = plan_.text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
    for (std::size_t number = 1; number <= lines.count(); ++number) {
      if (const auto above = inserted_.find(number); above != inserted_.end())
        for (const std::string& line : above->second) text += line + line_end;
      const std::size_t next =
          number < lines.count() ? lines.offset(number + 1) : plan_.text.size();
      const std::string_view line = lines.line(number);
      const auto list = replaced_.find(number);
      text += list == replaced_.end() ? std::string(line) : with_list(line, list->second);
      text += plan_.text.substr(lines.offset(number) + line.size(),
                                next - lines.offset(number) - line.size());
    }
    for (const std::string& line : appended_)
      text = with_change_line(read_plan({}, text).plan, line);
    return text;
  }

  void require_sound() const {
    PlanReading reading = read_plan(plan_.file, update_.plan_text);
    for (const Diagnostic& diagnostic : reading.diagnostics)
      if (diagnostic.severity == Severity::error)
        throw Error(ErrorCode::configuration, "the headers do not make a plan")
            .with(std::move(reading.diagnostics))
            .leaving("nothing was changed");
  }

  const Workspace& workspace_;
  const Module& module_;
  const Plan& plan_;
  const Authorship& by_;
  std::vector<ScriptNeeds> scripts_;
  std::map<std::string, const ScriptNeeds*> fresh_;
  std::map<std::string, std::size_t> needed_at_;  // change -> first line that requires it
  std::map<std::size_t, Names> replaced_, inserted_;
  Names appended_;
  std::vector<Diagnostic> problems_;
  PlanUpdate update_;
};

}  // namespace

PlanUpdate plan_from_headers(const Workspace& workspace, const Module& module,
                             const Authorship& by) {
  return PlanUpdating(workspace, module, by).decide();
}

void write_plan(const Module& module, const PlanUpdate& update) {
  write_plan_file(shown_path(module.plan_path()), update.plan_text);
}

}  // namespace pgpm
