#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/new_change.h"
#include "cli/planner.h"
#include "cli/sqitch_target.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

int run_rework(Invocation& invocation) {
  const NewChange change = new_change_of(invocation);
  const std::vector<std::string> editor = editor_of(invocation);
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const std::vector<std::string> files =
      rework_change(workspace, module, change,
                    authorship(invocation.environment, invocation.dir, sqitch_user(invocation)));
  answer_with_files(invocation, module, change, files,
                    fmt::format("Reworked {} in {}.", change.name, module.package),
                    fmt::format("edit {} and {}. Its revert script is the former deploy script.",
                                module.relative_script(Module::ScriptKind::deploy, change.name),
                                module.relative_script(Module::ScriptKind::verify, change.name)));
  open_in_editor(editor, module, change.name);
  return 0;
}

}  // namespace

Command rework_command() {
  Command command;
  command.group = "Files";
  command.summary = "plan a released change once more, to edit its scripts";
  command.description =
      "For scripts that replace what they made before (CREATE OR REPLACE). The change must be "
      "released: a tag stands at it or behind it. Its scripts so far go on as NAME@TAG.sql; the "
      "plan gets a new line of the same name that requires NAME@TAG; deploy and verify script stay "
      "to be edited; and the former deploy script becomes the revert script, so that reverting "
      "brings the former version back.";
  command.positionals = {{"CHANGE", Positional::Count::required, "the change's name"}};
  command.options = new_change_options();
  command.examples = {
      {"pgpm rework functions/sign_in", "a function of the last release"},
      {"pgpm rework views/balances --note \"with drafts\"", "with a note"},
  };
  command.run = run_rework;
  return command;
}

}  // namespace pgpm::cli
