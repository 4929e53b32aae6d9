#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/ledger.h"

namespace pgpm::cli {

namespace {

int run_migrate_accept(Invocation& invocation) {
  RunOptions options;
  read_run_options(invocation, options);
  const Workspace workspace = load_sound_workspace_of(invocation);
  const std::vector<std::string> modules =
      modules_of(invocation, workspace, ModuleRequest{}, Positionals::something_else);
  const std::vector<std::string> accepted =
      accept_edits(workspace, target_of(invocation), modules, invocation.arguments.positionals,
                   options, invocation.reports, invocation.stop);
  Answer answer;
  for (const std::string& change : accepted) answer.text += "  = " + change + "\n";
  answer.text += accepted.empty()
                     ? "No deployed script has been edited.\n"
                     : fmt::format("Accepted {}.\n", count(accepted.size(), "edited script"));
  answer.document = dump_document(Json{{"accepted", accepted}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command migrate_accept_command() {
  Command command;
  command.group = "Ledger";
  command.summary = "accept edited deploy scripts as they are now";
  command.description =
      "Records the present hash of deployed scripts whose files were edited since, so that "
      "deploying goes on. Nothing is "
      "run: the database keeps what the old script made.";
  command.positionals = {
      {"CHANGE", Positional::Count::any, "changes; default: every edited one of the module"}};
  command.options = with_connection(with_modules({
      {"lock-wait",
       0,
       OptionKind::value,
       "TIME",
       "wait for another run to end (default 60s, 0 = do not wait)",
       {"lockWait"}},
  }));
  command.examples = {
      {"pgpm migrate accept", "every edited script of the module"},
      {"pgpm migrate accept tables/users --package shop", "one change of a module"},
  };
  command.run = run_migrate_accept;
  return command;
}

}  // namespace pgpm::cli
