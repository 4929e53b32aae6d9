// add_change: everything is checked before the first file is written, and the plan is written last,
// so that it never names a script that is not there.
#include <fmt/format.h>

#include "engine/text/file.h"
#include "engine/workspace/change_line.h"
#include "engine/workspace/new_files.h"
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
  check_name(plan, change.name);
  const ChangeLine line = new_change_line(workspace, module, plan, change, by);
  const std::string text = with_change_line(plan, line.text);

  NewFiles files(module.dir);
  const std::string file = change.name + ".sql";
  const std::string scripts[][2] = {{"deploy/" + file, deploy_text(change.name, line.dependencies)},
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
