// add_change: everything is checked before the first file is written, and the plan is written last,
// so that it never names a script that is not there.
#include <fmt/format.h>

#include "engine/text/file.h"
#include "engine/workspace/change_line.h"
#include "engine/text/new_files.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

void check_name(const Plan& plan, const std::string& name) {
  if (const std::string problem = change_name_problem(name); !problem.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no change name: {}", name, problem));
  if (const auto index = plan.find_change(name))
    throw Error(ErrorCode::configuration, fmt::format("change \"{}\" is in the plan already", name))
        .at({plan.file, plan.changes[*index].line, 0})
        .hint(fmt::format("to change what it does: pgpm rework {}", name));
}

std::string dependency_lines(const std::vector<std::string>& dependencies) {
  std::string text;
  for (const std::string& dependency : dependencies)
    text += dependency.starts_with('!') ? fmt::format("-- conflicts: {}\n", dependency.substr(1))
                                        : fmt::format("-- requires: {}\n", dependency);
  return text;
}

std::string deploy_text(const std::string& name, const std::vector<std::string>& dependencies) {
  return fmt::format("-- Deploy: {}\n{}", name, dependency_lines(dependencies)) +
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

using NewScripts = std::vector<std::pair<Module::ScriptKind, std::string>>;

NewScripts own_scripts(const std::string& name, const std::vector<std::string>& dependencies) {
  return {{Module::ScriptKind::deploy, deploy_text(name, dependencies)},
          {Module::ScriptKind::revert, revert_text(name)},
          {Module::ScriptKind::verify, verify_text(name)}};
}

/// Where Sqitch may deploy it as well: it leaves transactions to the scripts.
NewScripts sqitch_scripts(const Module& module, const std::string& name,
                          const std::vector<std::string>& dependencies) {
  const auto text = [&](const char* verb, const char* to, const std::string& list, const char* what,
                        const char* end) {
    return fmt::format("-- {} {}:{} {} pg\n{}\nBEGIN;\n\n-- {}\n\n{};\n", verb, module.package,
                       name, to, list, what, end);
  };
  return {{Module::ScriptKind::deploy,
           text("Deploy", "to", dependency_lines(dependencies),
                "Write here what this change does, for example CREATE TABLE ...;", "COMMIT")},
          {Module::ScriptKind::revert,
           text("Revert", "from", "",
                "Write here what undoes the deploy script, for example DROP TABLE ...;", "COMMIT")},
          {Module::ScriptKind::verify,
           text("Verify", "on", "", "Write here a statement that fails if the change is not there.",
                "ROLLBACK")}};
}

}  // namespace

std::vector<std::string> add_change(const Workspace& workspace, const Module& module,
                                    const NewChange& change, const Authorship& by) {
  const Plan plan = read_plan_file(shown_path(module.plan_path()));
  check_name(plan, change.name);
  const ChangeLine line = new_change_line(workspace, module, plan, change, by);
  const std::string text = with_change_line(plan, line.text);

  NewFiles files(module.dir);
  const NewScripts scripts = module.layout.is_sqitch_project
                                 ? sqitch_scripts(module, change.name, line.dependencies)
                                 : own_scripts(change.name, line.dependencies);
  for (const auto& [kind, text_of_kind] : scripts)
    files.check(module.relative_script(kind, change.name));
  for (const auto& [kind, text_of_kind] : scripts) {
    const std::string file = module.relative_script(kind, change.name);
    if (!files.exists(file)) files.write(file, text_of_kind);
  }
  write_plan_file(plan.file, text);
  std::vector<std::string> written = files.keep();
  written.push_back(module.layout.plan);
  return written;
}

}  // namespace pgpm
