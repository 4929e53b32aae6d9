// remove and clear: the same removal, from a change on or of everything.
#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/terminal.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

std::string shown(const Removal& removal, const Style& style) {
  std::string text;
  for (const std::string& change : removal.changes)
    text += fmt::format("  {} {}\n", style.red("-"), change);
  for (const std::string& tag : removal.tags)
    text += fmt::format("  {} @{}\n", style.red("-"), tag);
  for (const std::string& file : removal.deleted)
    text += fmt::format("  {} {}\n", style.red("-"), file);
  for (const auto& [from, to] : removal.renamed)
    text += fmt::format("  {} {} becomes {}\n", style.yellow("~"), from, to);
  return text;
}

Json json_of(const Module& module, const Removal& removal) {
  Json renamed = Json::array();
  for (const auto& [from, to] : removal.renamed)
    renamed.push_back(Json{{"from", from}, {"to", to}});
  return Json{{"module", module.package},
              {"changes", removal.changes},
              {"tags", removal.tags},
              {"deleted", removal.deleted},
              {"renamed", renamed}};
}

bool is_approved(Invocation& invocation, const Module& module, const Removal& removal) {
  if (invocation.arguments.is_on("yes")) return true;
  invocation.err.write(shown(removal, invocation.terminal.err));
  return confirm(invocation.err,
                 fmt::format("Remove {} and {} of {}?", count(removal.changes.size(), "change"),
                             count(removal.deleted.size(), "script"), module.package),
                 invocation.stop);
}

int remove_from(Invocation& invocation, const std::string& from) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const Removal removal = plan_removal(workspace, module, from);
  const bool dry = invocation.arguments.is_on("dry-run");
  if (!dry && !removal.changes.empty()) {
    require_yes_or_terminal(invocation, "removing changes and their scripts");
    if (!is_approved(invocation, module, removal))
      throw Error(ErrorCode::approval, "not approved").leaving("nothing was changed");
    remove_changes(module, removal);
  }
  Answer answer;
  answer.text =
      removal.changes.empty()
          ? fmt::format("Nothing to remove: the plan of {} is empty.\n", module.package)
          : shown(removal, invocation.terminal.out) +
                fmt::format(
                    "{} {} of {}. Databases were not asked: what is deployed stays deployed.\n",
                    dry ? "Would remove" : "Removed", count(removal.changes.size(), "change"),
                    module.package);
  Json document = json_of(module, removal);
  document["dry_run"] = dry;
  answer.document = dump_document(document);
  invocation.reports.answer(answer);
  return 0;
}

int run_remove(Invocation& invocation) {
  const std::vector<std::string>& positionals = invocation.arguments.positionals;
  const auto to = invocation.arguments.given("to");
  if (!positionals.empty() && to)
    throw Error(ErrorCode::usage, "the change is named twice")
        .hint("pgpm remove CHANGE, or pgpm remove @TAG");
  const std::string from = positionals.empty() ? to.value_or("") : positionals.front();
  // To the engine nothing means everything.
  if (from.empty())
    throw Error(ErrorCode::usage, "no change is named")
        .hint("pgpm remove CHANGE, or pgpm remove @TAG; everything is pgpm clear");
  return remove_from(invocation, from);
}

int run_clear(Invocation& invocation) {
  return remove_from(invocation, {});
}

Option dry_run_option() {
  return {"dry-run", 'n', OptionKind::flag, "", "show what would go, touch nothing", {"dryRun"}};
}

}  // namespace

Command remove_command() {
  Command command;
  command.group = "Files";
  command.summary = "take a change and all behind it out of the plan";
  command.description =
      "Removes the change (or the tagged change) and every later one from pgpm.plan, with their "
      "tags and scripts; comments and other lines stay. Removing a rework gives the plain script "
      "names back to the instance before it. Refused if another module of the workspace needs one "
      "of them. No database is asked or changed: revert first where they are deployed.\n\n"
      "Asks first; without a terminal it needs --yes.";
  command.positionals = {
      {"CHANGE|@TAG", Positional::Count::optional, "the first change that goes"}};
  command.options = {{"to", 0, OptionKind::value, "CHANGE|@TAG", "the same, as upstream spells it"},
                     dry_run_option(),
                     one_module_option()};
  command.examples = {{"pgpm remove tables/posts", "that change and all behind it"},
                      {"pgpm remove @v1.1.0 --dry-run", "show what would go from a tag on"}};
  command.run = run_remove;
  return command;
}

Command clear_command() {
  Command command;
  command.group = "Files";
  command.summary = "take every change out of the plan";
  command.description =
      "Like remove, from the first change on: an empty plan is left, with its header and comments. "
      "Asks first; without a terminal it needs --yes.";
  command.options = {dry_run_option(), one_module_option()};
  command.examples = {{"pgpm clear --dry-run", "show what would go"},
                      {"pgpm clear --package billing --yes", "without asking"}};
  command.run = run_clear;
  return command;
}

}  // namespace pgpm::cli
