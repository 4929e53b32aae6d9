#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/sqitch_target.h"
#include "pgpm/adopt.h"

namespace pgpm::cli {

namespace {

AdoptOptions options_of(const Invocation& invocation) {
  AdoptOptions options;
  read_run_options(invocation, options);
  options.registry = invocation.arguments.value("registry");
  options.dry_run = invocation.arguments.is_on("dry-run");
  const std::string on_edited = invocation.arguments.value("on-edited");
  if (on_edited == "warn") options.on_edited = OnEdited::warn;
  if (on_edited == "ignore") options.on_edited = OnEdited::ignore;
  return options;
}

std::string text_of(const Adoption& adoption, const Style& style, bool dry) {
  std::string text;
  for (const std::string& file : adoption.files)
    text += fmt::format("  {} {}\n", style.green("+"), file);
  for (const Adoption::Recorded& change : adoption.recorded) {
    std::string tags;
    for (const std::string& tag : change.tags) tags += " " + style.cyan("@" + tag);
    text += fmt::format(
        "  {} {}{}  {}\n", style.green("="), printable(change.change), tags,
        style.dim(show_time(change.deployed_at) + " by " + printable(change.deployed_by)));
  }
  for (const Diagnostic& warning : adoption.warnings)
    text += fmt::format("  {} {}: {} ({})\n", style.yellow("!"), warning.where.to_string(),
                        warning.message, warning.hint);
  text += fmt::format("{} {}: {} recorded", dry ? "Would adopt" : "Adopted", adoption.package,
                      count(adoption.recorded.size(), "change"));
  if (!adoption.already.empty())
    text += fmt::format(", {} recorded before", adoption.already.size());
  text += fmt::format(", {} pending. No script was run; Sqitch's registry is as it was.\n",
                      adoption.pending.size());
  return text;
}

Json json_of(const Adoption& adoption, bool dry) {
  Json recorded = Json::array();
  for (const Adoption::Recorded& change : adoption.recorded)
    recorded.push_back(Json{{"change", change.change},
                            {"deployed_at", change.deployed_at},
                            {"deployed_by", change.deployed_by},
                            {"tags", change.tags}});
  return Json{{"module", adoption.package},
              {"dry_run", dry},
              {"files", adoption.files},
              {"recorded", recorded},
              {"already", adoption.already},
              {"pending", adoption.pending},
              {"warnings", cli::to_json(adoption.warnings)}};
}

int run_adopt_sqitch(Invocation& invocation) {
  AdoptOptions options = options_of(invocation);
  const std::vector<std::string>& words = invocation.arguments.positionals;
  if (!words.empty() && words.front().empty())
    throw Error(ErrorCode::usage, "the directory's name is empty")
        .hint("Leave it out to adopt the working directory.");
  const std::filesystem::path dir = words.empty() ? invocation.dir : invocation.dir / words.front();
  options.sources = sqitch_sources(invocation.arguments, invocation.environment, dir);
  std::optional<Target> target;
  if (!invocation.arguments.is_on("offline"))
    target = choose_sqitch_target(sqitch_settings(dir, options.sources), invocation.arguments,
                                  invocation.environment, "pgpm adopt sqitch");
  const Adoption adoption = adopt_sqitch(dir, target, options, invocation.reports, invocation.stop);
  Answer answer;
  answer.text = text_of(adoption, invocation.terminal.out, options.dry_run);
  answer.document = dump_document(json_of(adoption, options.dry_run));
  answer.diagnostics = adoption.warnings;
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command adopt_sqitch_command() {
  Command command;
  command.group = "Ledger";
  command.summary = "take over a Sqitch project and what it has deployed";
  command.description =
      "Writes pgpm.plan (sqitch.plan as it is) and a control file beside the project's scripts, "
      "which stay untouched, and records in the ledger what Sqitch's registry has deployed: every "
      "change, reworked ones as CHANGE@TAG, every tag and event, with the time and the committer "
      "they have there. No script is run, and Sqitch's registry stays as it is. Projects that "
      "others require come first. If sqitch.conf has the scripts in folders that a module does not "
      "have, no file is written: pgpm deploys such a project as it stands.\n\n"
      "Conflicts are told all at once and nothing is written then: deployed changes that the plan "
      "does not have (by Sqitch's own ids), scripts edited after they were deployed, requirements "
      "that are not in the ledger.";
  command.positionals = {{"DIR", Positional::Count::optional,
                          "where sqitch.conf is (default: the working directory)"}};
  command.options = with_connection({
      {"registry", 0, OptionKind::value, "SCHEMA",
       "the registry's schema (default: what sqitch.conf says, else sqitch)"},
      {"on-edited",
       0,
       OptionKind::value,
       "WHAT",
       "scripts edited after they were deployed (default: error)",
       {"onEdited"},
       {"error", "warn", "ignore"}},
      {"dry-run",
       'n',
       OptionKind::flag,
       "",
       "show what would be recorded, touch nothing",
       {"dryRun"}},
      {"offline", 0, OptionKind::flag, "", "only write the files; nothing was ever deployed"},
      {"lock-wait",
       0,
       OptionKind::value,
       "TIME",
       "wait for another run to end (default 60s, 0 = do not wait)",
       {"lockWait"}},
  });
  command.examples = {
      {"pgpm adopt sqitch --database flipr --dry-run", "show what would be taken over"},
      {"pgpm adopt sqitch services/flipr --database flipr", "a project below this directory"},
  };
  command.run = run_adopt_sqitch;
  return command;
}

}  // namespace pgpm::cli
