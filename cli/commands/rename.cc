#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/renaming.h"

namespace pgpm::cli {

namespace {

/// `rename NEW`, `rename --to NEW` and `rename OLD NEW`.
Renaming decide(const Invocation& invocation, const Workspace& workspace, const Module& module) {
  std::vector<std::string> words = invocation.arguments.positionals;
  if (const auto to = invocation.arguments.given("to")) words.push_back(*to);
  if (words.empty() || words.size() > 2)
    throw Error(ErrorCode::usage, words.empty() ? "the new name is missing" : "too many names")
        .hint("pgpm rename NEW (the module), or pgpm rename CHANGE NEW");
  if (words.size() == 2) {
    if (invocation.arguments.is_on("sync-pkg-name"))
      throw Error(ErrorCode::usage, "--sync-pkg-name is for modules");
    return plan_change_renaming(workspace, module, words[0], words[1]);
  }
  return plan_module_renaming(
      workspace, module, words[0],
      invocation.arguments.is_on("sync-pkg-name") ? NpmName::follows : NpmName::stays);
}

std::string relative(const Workspace& workspace, const std::filesystem::path& path) {
  return path.lexically_relative(workspace.root).generic_string();
}

std::string shown(const Workspace& workspace, const Renaming& renaming, const Style& style) {
  std::string text;
  for (const FileEdit& edit : renaming.edits)
    text += fmt::format("  {} {}\n", style.yellow("~"), relative(workspace, edit.file));
  for (const auto& [from, to] : renaming.moves)
    text += fmt::format("  {} {} becomes {}\n", style.yellow("~"), relative(workspace, from),
                        relative(workspace, to));
  return text;
}

Json json_of(const Workspace& workspace, const Renaming& renaming) {
  Json edited = Json::array(), renamed = Json::array();
  for (const FileEdit& edit : renaming.edits) edited.push_back(relative(workspace, edit.file));
  for (const auto& [from, to] : renaming.moves)
    renamed.push_back(Json{{"from", relative(workspace, from)}, {"to", relative(workspace, to)}});
  return Json{{"module", renaming.package}, {"from", renaming.from},
              {"to", renaming.to},          {"edited", edited},
              {"renamed", renamed},         {"warnings", cli::to_json(renaming.warnings)}};
}

std::string headline(const Renaming& renaming, bool dry) {
  const std::string what = renaming.subject == Renaming::Subject::module
                               ? "the module " + renaming.from
                               : renaming.package + ":" + renaming.from;
  return fmt::format("{} {} to {}.", dry ? "Would rename" : "Renamed", what, renaming.to);
}

int run_rename(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const Renaming renaming = decide(invocation, workspace, module);
  const bool dry = invocation.arguments.is_on("dry-run");
  const bool ledger = invocation.arguments.is_on("ledger");
  std::size_t rows = 0;
  if (!dry && ledger) {
    RunOptions options;
    read_run_options(invocation, options);
    rows = rename_in_ledger(target_of(invocation), renaming, options, invocation.reports,
                            invocation.stop);
  } else if (!dry) {
    RenamedFiles(renaming).keep();
  }
  Answer answer;
  answer.text = shown(workspace, renaming, invocation.terminal.out);
  for (const Diagnostic& warning : renaming.warnings)
    answer.text +=
        fmt::format("  {}: {} ({})\n", warning.where.to_string(), warning.message, warning.hint);
  answer.text += headline(renaming, dry);
  if (ledger && !dry) answer.text += fmt::format(" In the ledger: {}.", count(rows, "change"));
  answer.text += "\n";
  if (!ledger && !dry)
    answer.text +=
        "Databases were not asked. Where it is deployed: the same with --ledger, "
        "before anything else is deployed.\n";
  Json document = json_of(workspace, renaming);
  document["dry_run"] = dry;
  if (ledger && !dry) document["ledger_changes"] = rows;
  answer.document = dump_document(document);
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command rename_command() {
  Command command;
  command.group = "Files";
  command.summary = "give a change or a module another name, everywhere";
  command.description =
      "`rename CHANGE NEW` renames every instance of the change and its scripts; `rename NEW` "
      "renames the module: its plan's %project, its control file, Makefile and packaged SQL. Every "
      "plan line, control file and script header of the workspace that refers to it follows, and "
      "no other byte changes. A module's folder keeps its name.\n\n"
      "With --ledger the rows of what is deployed in a database are renamed in the same step: a "
      "failure of either leaves both as they were. Events keep the names they happened to.";
  command.positionals = {
      {"NAME", Positional::Count::any, "the module's new name, or a change's former and new name"}};
  command.options = with_connection({
      {"to", 0, OptionKind::value, "NEW", "the new name, as upstream spells it"},
      {"ledger", 0, OptionKind::flag, "", "also rename what is deployed in the database"},
      {"sync-pkg-name",
       0,
       OptionKind::flag,
       "",
       "package.json's name follows, its scope stays",
       {"syncPkgName"}},
      {"lock-wait",
       0,
       OptionKind::value,
       "TIME",
       "wait for another run to end (default 60s, 0 = do not wait)",
       {"lockWait"}},
      {"dry-run", 'n', OptionKind::flag, "", "show what would change, touch nothing", {"dryRun"}},
      one_module_option(),
  });
  command.examples = {
      {"pgpm rename tables/user tables/users --dry-run", "a change of this module; only show"},
      {"pgpm rename billing --package invoices --ledger -d shop",
       "a module, also where it is deployed"},
  };
  command.run = run_rename;
  return command;
}

}  // namespace pgpm::cli
