#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/terminal.h"
#include "pgpm/regen.h"

namespace pgpm::cli {

namespace {

RegenOptions options_of(const Invocation& invocation) {
  RegenOptions options;
  options.changes = invocation.arguments.positionals;
  const bool revert_only = invocation.arguments.is_on("revert-only");
  const bool verify_only = invocation.arguments.is_on("verify-only");
  if (revert_only && verify_only)
    throw Error(ErrorCode::usage, "--revert-only and --verify-only contradict each other");
  options.revert = !verify_only;
  options.verify = !revert_only;
  if (invocation.arguments.is_on("force")) options.written = RegenOptions::Written::replace;
  return options;
}

/// Scripts that somebody wrote go only if somebody says so.
void approve(Invocation& invocation, const Regeneration& found) {
  std::string files;
  std::size_t replaced = 0;
  for (const Regeneration::Script& script : found.scripts) {
    if (script.replaces.empty()) continue;
    files += fmt::format("  {} {}\n", invocation.terminal.err.yellow("~"), script.file);
    ++replaced;
  }
  if (replaced == 0 || invocation.arguments.is_on("yes")) return;
  require_yes_or_terminal(invocation, "overwriting scripts");
  invocation.err.write(files);
  if (!confirm(invocation.err, fmt::format("Overwrite {}?", count(replaced, "script")),
               invocation.stop))
    throw Error(ErrorCode::approval, "not approved").leaving("nothing was changed");
}

std::string warnings_text(const std::vector<Diagnostic>& warnings, const Style& style) {
  std::string text;
  for (const Diagnostic& warning : warnings)
    text += fmt::format("  {} {}: {} ({})\n", style.yellow("!"), warning.where.to_string(),
                        warning.message, warning.hint);
  return text;
}

int run_regen(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const Regeneration found = derive_scripts(module, options_of(invocation));
  const bool dry = invocation.arguments.is_on("dry-run");
  if (!dry) {
    approve(invocation, found);
    write_scripts(module, found);
  }
  Answer answer;
  Json scripts = Json::array();
  const Style& style = invocation.terminal.out;
  for (const Regeneration::Script& script : found.scripts) {
    const bool replaces = !script.replaces.empty();
    answer.text +=
        fmt::format("  {} {}\n", replaces ? style.yellow("~") : style.green("+"), script.file);
    if (dry) answer.text += script.text + "\n";
    scripts.push_back(Json{{"kind", script.kind},
                           {"change", script.change},
                           {"file", script.file},
                           {"replaces", replaces},
                           {"text", script.text}});
  }
  answer.text += warnings_text(found.warnings, style);
  answer.text += fmt::format("{} {}, kept {}, {}.\n", dry ? "Would derive" : "Derived",
                             count(found.scripts.size(), "script"), found.kept,
                             count(found.warnings.size(), "warning"));
  answer.document = dump_document(Json{{"module", module.package},
                                       {"dry_run", dry},
                                       {"scripts", scripts},
                                       {"kept", found.kept},
                                       {"warnings", to_json(found.warnings)}});
  answer.diagnostics = found.warnings;
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command regen_command() {
  Command command;
  command.group = "Files";
  command.summary = "derive missing revert and verify scripts from deploy scripts";
  command.description =
      "Reads deploy scripts by PostgreSQL's own grammar and writes what undoes them, newest "
      "statement first, and what fails if they have not run. Only scripts that are missing, or "
      "hold "
      "nothing but comments, are written, unless --force says that written ones go as well (it "
      "asks; "
      "without a terminal it needs --yes). What nothing undoes (rows that were changed, "
      "definitions "
      "that were replaced) is named in the script and as a warning. `pgpm prove` then shows "
      "whether "
      "a revert script really restores what was there.";
  command.positionals = {
      {"CHANGE", Positional::Count::any, "changes; default: every one of the module"}};
  command.options = {
      {"revert-only", 0, OptionKind::flag, "", "only revert scripts", {"revertOnly"}},
      {"verify-only", 0, OptionKind::flag, "", "only verify scripts", {"verifyOnly"}},
      {"force", 0, OptionKind::flag, "",
       "also overwrite scripts with statements, but for those that say they are irreversible"},
      {"dry-run",
       'n',
       OptionKind::flag,
       "",
       "show what would be written, touch nothing",
       {"dryRun"}},
      one_module_option(),
  };
  command.examples = {
      {"pgpm regen --dry-run", "what is missing in this module"},
      {"pgpm regen tables/users --verify-only", "one script of one change"},
      {"pgpm regen tables/users --force --yes", "both anew, after its deploy script was edited"}};
  command.run = run_regen;
  return command;
}

}  // namespace pgpm::cli
