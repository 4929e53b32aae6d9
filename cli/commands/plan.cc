#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/planner.h"
#include "cli/render/json_values.h"
#include "cli/sqitch_target.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

std::string list_of(const std::vector<std::string>& names) {
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, " "));
}

std::string text_of(const PlanUpdate& update, const Style& style) {
  std::string text;
  for (const auto& line : update.added)
    text += fmt::format("  {} {}{}\n", style.green("+"), line.change,
                        line.requires_changes.empty()
                            ? ""
                            : style.dim("  requires " + list_of(line.requires_changes)));
  for (const auto& line : update.changed)
    text += fmt::format("  {} {} requires {} instead of {}\n", style.yellow("~"), line.change,
                        list_of(line.after), list_of(line.before));
  for (const Diagnostic& warning : update.warnings)
    text += fmt::format("  {} {}: {} ({})\n", style.yellow("!"), warning.where.to_string(),
                        warning.message, warning.hint);
  return text;
}

Json json_of(const Module& module, const PlanUpdate& update) {
  Json added = Json::array(), changed = Json::array();
  for (const auto& line : update.added)
    added.push_back(Json{{"change", line.change}, {"requires", line.requires_changes}});
  for (const auto& line : update.changed)
    changed.push_back(
        Json{{"change", line.change}, {"before", line.before}, {"after", line.after}});
  return Json{{"module", module.package},
              {"added", added},
              {"changed", changed},
              {"warnings", cli::to_json(update.warnings)}};
}

int run_plan(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const PlanUpdate update = plan_from_headers(
      workspace, module,
      authorship(invocation.environment, invocation.dir, sqitch_user(invocation)));
  const bool differs = !update.added.empty() || !update.changed.empty();
  const bool check = invocation.arguments.is_on("check");
  const bool dry = check || invocation.arguments.is_on("dry-run");
  if (differs && !dry) write_plan(module, update);
  Answer answer;
  answer.text = text_of(update, invocation.terminal.out);
  answer.text += differs
                     ? fmt::format("{} the plan of {}: {} added, {} changed.\n",
                                   dry ? "Would update" : "Updated", module.package,
                                   update.added.size(), update.changed.size())
                     : fmt::format("The plan of {} says what the headers say.\n", module.package);
  Json document = json_of(module, update);
  document["dry_run"] = dry;
  answer.document = dump_document(document);
  answer.diagnostics = update.warnings;
  invocation.reports.answer(answer);
  return check && differs ? 1 : 0;
}

}  // namespace

Command plan_command() {
  Command command;
  command.group = "Files";
  command.summary = "bring the plan in line with the headers of the deploy scripts";
  command.description =
      "Reads `-- requires:` of every deploy script. Scripts without a plan line get one, at the "
      "end "
      "or in front of the first line that requires them; lines whose script requires something "
      "else get another list. Tags, comments, authors, notes, conflicts and the order of what is "
      "there stay, byte by byte. Plan lines without a script are named and kept.";
  command.options = {
      {"dry-run", 'n', OptionKind::flag, "", "show what would change, touch nothing", {"dryRun"}},
      {"check", 0, OptionKind::flag, "", "the same, and exit with 1 if something would change"},
      one_module_option(),
  };
  command.examples = {{"pgpm plan --dry-run", "show what the headers say otherwise"},
                      {"pgpm plan --package billing --check", "in a pipeline"}};
  command.run = run_plan;
  return command;
}

}  // namespace pgpm::cli
