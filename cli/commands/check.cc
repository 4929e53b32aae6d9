#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/module_choice.h"
#include "cli/render/failure.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

/// How many of each.
struct Tally {
  std::size_t errors = 0, warnings = 0, files = 0;
};

Tally count_findings(const std::vector<Diagnostic>& findings) {
  Tally tally;
  std::set<std::string> files;
  for (const Diagnostic& finding : findings) {
    ++(finding.severity == Severity::error ? tally.errors : tally.warnings);
    files.insert(finding.where.file);
  }
  tally.files = files.size();
  return tally;
}

std::string summary(const Tally& tally, const Workspace& workspace,
                    const std::vector<std::string>& chosen, const Style& style) {
  if (tally.errors + tally.warnings == 0) {
    std::size_t changes = 0, modules = 0;
    for (const Module& module : workspace.modules) {
      if (!chosen.empty() && std::count(chosen.begin(), chosen.end(), module.name) == 0) continue;
      changes += module.plan.changes.size();
      ++modules;
    }
    return style.green("No problems") +
           fmt::format(" in {} with {}.\n", count(modules, "module"), count(changes, "change"));
  }
  std::string text;
  if (tally.errors > 0) text += style.red(count(tally.errors, "error"));
  if (tally.warnings > 0)
    text += (text.empty() ? "" : ", ") + style.yellow(count(tally.warnings, "warning"));
  return text + fmt::format(" in {}.\n", count(tally.files, "file"));
}

Answer answer_of(const std::vector<Diagnostic>& findings, const Workspace& workspace,
                 const std::vector<std::string>& chosen, const Style& style) {
  const Tally tally = count_findings(findings);
  Answer answer;
  for (const Diagnostic& finding : findings) {
    answer.text += show_diagnostic(finding, style) + "\n";
    answer.lines.push_back(dump_line(to_json(finding)));
  }
  answer.text += summary(tally, workspace, chosen, style);
  answer.document = dump_document(Json{
      {"errors", tally.errors}, {"warnings", tally.warnings}, {"diagnostics", to_json(findings)}});
  answer.diagnostics = findings;
  return answer;
}

int run_check(Invocation& invocation) {
  const Workspace workspace = load_workspace_of(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  // A workspace whose modules cannot be read is what check is for: then all of it is checked.
  const bool is_readable = !workspace.has_errors();
  const bool names_some =
      !invocation.arguments.positionals.empty() || invocation.arguments.given("package");
  const std::vector<std::string> modules = is_readable || names_some
                                               ? modules_of(invocation, workspace, request)
                                               : std::vector<std::string>{};
  const std::vector<Diagnostic> findings = check(workspace, modules);
  invocation.reports.answer(answer_of(findings, workspace, modules, invocation.terminal.out));
  const Tally tally = count_findings(findings);
  const bool is_bad =
      tally.errors > 0 || (invocation.arguments.is_on("strict") && tally.warnings > 0);
  return is_bad ? exit_status(ErrorCode::configuration) : 0;
}

}  // namespace

Command check_command() {
  Command command;
  command.group = "Files";
  command.summary = "find everything wrong that can be found without a database";
  command.description =
      "Reads plans, control files, manifests and scripts and reports every problem with its file, "
      "line and column: "
      "syntax, missing scripts, unknown references, cycles, psql commands, transaction statements, "
      "broken encoding, declarations in objects/ that are none, double or circular. "
      "Exits with 10 if there is an error. `--format github` makes annotations of a pull request.";
  command.positionals = {{"MODULE", Positional::Count::any,
                          "modules; default: the one of the working directory, or all"}};
  command.options = with_modules({
      {"strict", 0, OptionKind::flag, "", "exit with 10 if there are only warnings, too"},
      {"report",
       0,
       OptionKind::many_values,
       "FORMAT=FILE",
       "write a further rendering to a file",
       {},
       {"text", "json", "jsonl", "github"}},
      verdict_format_option(),
  });
  command.examples = {
      {"pgpm check", "the module of the working directory, or all at the workspace's root"},
      {"pgpm check --workspace --all --format github", "in a GitHub workflow"},
  };
  command.run = run_check;
  return command;
}

}  // namespace pgpm::cli
