#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/planner.h"
#include "cli/render/json_values.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

int run(Invocation& invocation) {
  NewChange change;
  change.name = invocation.arguments.positionals.front();
  change.requires_changes = invocation.arguments.values("requires");
  change.conflicts = invocation.arguments.values("conflicts");
  change.note = invocation.arguments.value("note");
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const std::vector<std::string> files =
      rework_change(workspace, module, change, authorship(invocation.environment, invocation.dir));
  const Style& style = invocation.terminal.out;
  Answer answer;
  answer.text = fmt::format("Reworked {} in {}.\n", change.name, module.package);
  for (const std::string& file : files)
    answer.text += fmt::format("  {} {}\n", style.green("+"), file);
  answer.text += fmt::format(
      "Next: edit deploy/{0}.sql and verify/{0}.sql. Its revert script is the former deploy "
      "script.\n",
      change.name);
  answer.document =
      dump_document(Json{{"module", module.package}, {"change", change.name}, {"files", files}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command rework_command() {
  Command command;
  command.name = "rework";
  command.group = "Files";
  command.summary = "plan a released change once more, to edit its scripts";
  command.description =
      "For scripts that replace what they made before (CREATE OR REPLACE). The change must be "
      "released: a tag stands at it or behind it. Its scripts so far go on as NAME@TAG.sql; the "
      "plan gets a new line of the same name that requires NAME@TAG; deploy and verify script stay "
      "to be edited; and the former deploy script becomes the revert script, so that reverting "
      "brings the former version back.";
  command.positionals = {{"CHANGE", Positional::Count::required, "the change's name"}};
  command.options = {
      {"requires", 'r', OptionKind::many_values, "CHANGE",
       "what else must be deployed before it; repeatable"},
      {"conflicts", 'x', OptionKind::many_values, "CHANGE",
       "what must not be deployed; repeatable"},
      {"note", 'm', OptionKind::value, "TEXT", "a note", {"message", "comment"}},
      {"package",
       0,
       OptionKind::value,
       "MODULE",
       "the module (default: the one of the working directory)",
       {"module"}},
  };
  command.examples = {
      {"pgpm rework functions/sign_in", "a function of the last release"},
      {"pgpm rework views/balances --note \"with drafts\"", "with a note"},
  };
  command.run = run;
  return command;
}

}  // namespace pgpm::cli
