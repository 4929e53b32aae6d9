#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/new_change.h"
#include "cli/planner.h"
#include "cli/sqitch_target.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

int run_add(Invocation& invocation) {
  const NewChange change = new_change_of(invocation);
  const std::vector<std::string> editor = editor_of(invocation);
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const std::vector<std::string> files =
      add_change(workspace, module, change,
                 authorship(invocation.environment, invocation.dir, sqitch_user(invocation)));
  answer_with_files(invocation, module, change, files,
                    fmt::format("Added {} to {}.", change.name, module.package));
  open_in_editor(editor, module, change.name);
  return 0;
}

}  // namespace

Command add_command() {
  Command command;
  command.group = "Files";
  command.summary = "plan a new change and write its three scripts";
  command.description =
      "Appends a line to pgpm.plan and writes deploy, revert and verify scripts to fill in. "
      "Scripts that exist are kept. "
      "What it requires may be a change, a tag, or a change of another module (module:change).";
  command.positionals = {
      {"CHANGE", Positional::Count::required, "the change's name, e.g. schemas/app/tables/users"}};
  command.options = new_change_options();
  command.examples = {
      {"pgpm add schemas/app/schema", "a first change"},
      {"pgpm add schemas/app/tables/users --requires schemas/app/schema --note \"people who sign "
       "in\"",
       "one that needs another"},
  };
  command.run = run_add;
  return command;
}

}  // namespace pgpm::cli
