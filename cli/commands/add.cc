#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/planner.h"
#include "cli/render/json_values.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

std::string file_list(const std::vector<std::string>& files, const Style& style) {
  std::string text;
  for (const std::string& file : files) text += fmt::format("  {} {}\n", style.green("+"), file);
  return text;
}

int run(Invocation& invocation) {
  NewChange change;
  change.name = invocation.arguments.positionals.front();
  change.requires_changes = invocation.arguments.values("requires");
  change.conflicts = invocation.arguments.values("conflicts");
  change.note = invocation.arguments.value("note");
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const std::vector<std::string> files =
      add_change(workspace, module, change, authorship(invocation.environment, invocation.dir));
  Answer answer;
  answer.text = fmt::format("Added {} to {}.\n", change.name, module.package) +
                file_list(files, invocation.terminal.out);
  answer.document =
      dump_document(Json{{"module", module.package}, {"change", change.name}, {"files", files}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command add_command() {
  Command command;
  command.name = "add";
  command.group = "Files";
  command.summary = "plan a new change and write its three scripts";
  command.description =
      "Appends a line to pgpm.plan and writes deploy, revert and verify scripts to fill in. "
      "Scripts that exist are kept. "
      "What it requires may be a change, a tag, or a change of another module (module:change).";
  command.positionals = {
      {"CHANGE", Positional::Count::required, "the change's name, e.g. schemas/app/tables/users"}};
  command.options = {
      {"requires", 'r', OptionKind::many_values, "CHANGE",
       "what must be deployed before it; repeatable"},
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
      {"pgpm add schemas/app/schema", "a first change"},
      {"pgpm add schemas/app/tables/users --requires schemas/app/schema --note \"people who sign "
       "in\"",
       "one that needs another"},
  };
  command.run = run;
  return command;
}

}  // namespace pgpm::cli
