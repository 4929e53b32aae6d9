// add_change: everything is checked before the first file is written, and the plan is written last,
// so that it never names a script that is not there.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/text/file.h"
#include "engine/workspace/new_files.h"
#include "engine/workspace/own_reference.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

class ChangeAddition {
 public:
  ChangeAddition(const Workspace& workspace, const Module& module, const Plan& plan)
      : workspace_(workspace), module_(module), plan_(plan) {}

  void check_name(const std::string& name) const {
    if (const std::string problem = change_name_problem(name); !problem.empty())
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" is no change name: {}", name, problem));
    if (const auto index = plan_.find_change(name))
      throw Error(ErrorCode::configuration,
                  fmt::format("change \"{}\" is in the plan already", name))
          .at({plan_.file, plan_.changes[*index].line, 0});
  }

  /// The reference as it is written into the plan: own ones without the module's name, and forms
  /// that only one of the tools understands (HEAD, ids, ^ and ~) as the change they mean today.
  std::string required(const std::string& text) {
    const ChangeRef ref = parse(text);
    const Module* other = other_module(ref);
    if (other == nullptr && !is_own(ref)) return ref.to_string();  // only the ledger can tell
    const Plan& plan = other == nullptr ? plan_ : other->plan;
    OwnReference found = other == nullptr ? required_change(plan, ref, plan.changes.size(), budget_)
                                          : find_reference(plan, ref, budget_);
    if (!found.change)
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" cannot be required: {}", text, found.message))
          .hint(found.hint);
    return (other == nullptr ? std::string() : ref.module + ":") +
           portable(plan, ref, *found.change);
  }

  std::string conflict(const std::string& text) const {
    ChangeRef ref = parse(text.starts_with('!') ? text.substr(1) : text);
    if (is_own(ref)) ref.module.clear();
    return fmt::format("!{}", ref.to_string());
  }

 private:
  static ChangeRef parse(const std::string& text) {
    const auto ref = ChangeRef::parse(text);
    if (!ref)
      throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", text))
          .hint("write change, @tag, change@tag, module:change or module:@tag");
    return *ref;
  }

  bool is_own(const ChangeRef& ref) const {
    return ref.module.empty() || module_.is_called(ref.module);
  }

  const Module* other_module(const ChangeRef& ref) const {
    return is_own(ref) ? nullptr : workspace_.find(ref.module);
  }

  static std::string portable(const Plan& plan, ChangeRef ref, std::size_t change) {
    const bool symbolic =
        ref.change == "HEAD" || ref.change == "ROOT" || ref.tag == "HEAD" || ref.tag == "ROOT";
    if (symbolic || ref.offset != 0 || !ref.id.empty()) return plan.changes[change].name;
    ref.module.clear();
    return ref.to_string();
  }

  const Workspace& workspace_;
  const Module& module_;
  const Plan& plan_;
  NearestBudget budget_;
};

void append_unique(std::vector<std::string>& list, std::string entry) {
  if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(std::move(entry));
}

std::string plan_line(const NewChange& change, const std::vector<std::string>& dependencies,
                      const Authorship& by) {
  std::string line = change.name + " ";
  if (!dependencies.empty()) line += fmt::format("[{}] ", fmt::join(dependencies, " "));
  return line + authored(by, change.note.empty() ? "add " + change.name : change.note);
}

std::string deploy_text(const std::string& name, const std::vector<std::string>& dependencies) {
  std::string text = fmt::format("-- Deploy: {}\n", name);
  for (const std::string& dependency : dependencies)
    text += dependency.starts_with('!') ? fmt::format("-- conflicts: {}\n", dependency.substr(1))
                                        : fmt::format("-- requires: {}\n", dependency);
  return text +
         "\n-- Write here what this change does, for example CREATE TABLE ...;\n"
         "-- pgpm runs it in a transaction: no BEGIN or COMMIT is needed.\n";
}

std::string revert_text(const std::string& name) {
  return fmt::format(
      "-- Revert: {}\n\n-- Write here what undoes the deploy script, for example DROP TABLE ...;\n",
      name);
}

std::string verify_text(const std::string& name) {
  return fmt::format(
      "-- Verify: {}\n\n-- Write here a statement that fails if the change is not there, for "
      "example\n"
      "-- SELECT id FROM my_table WHERE FALSE;\n",
      name);
}

}  // namespace

std::vector<std::string> add_change(const Workspace& workspace, const Module& module,
                                    const NewChange& change, const Authorship& by) {
  const Plan plan = read_plan_file(shown_path(module.dir / "pgpm.plan"));
  ChangeAddition addition(workspace, module, plan);
  addition.check_name(change.name);
  std::vector<std::string> dependencies;
  for (const std::string& text : change.requires_changes)
    append_unique(dependencies, addition.required(text));
  for (const std::string& text : change.conflicts)
    append_unique(dependencies, addition.conflict(text));
  const std::string text = with_change_line(plan, plan_line(change, dependencies, by));

  NewFiles files(module.dir);
  const std::string file = change.name + ".sql";
  const std::string scripts[][2] = {{"deploy/" + file, deploy_text(change.name, dependencies)},
                                    {"revert/" + file, revert_text(change.name)},
                                    {"verify/" + file, verify_text(change.name)}};
  for (const auto& script : scripts) files.check(script[0]);
  for (const auto& script : scripts)
    if (!files.exists(script[0])) files.write(script[0], script[1]);
  write_plan_file(plan.file, text);
  std::vector<std::string> written = files.keep();
  written.push_back("pgpm.plan");
  return written;
}

}  // namespace pgpm
