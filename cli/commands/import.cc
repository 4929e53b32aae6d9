#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/planner.h"
#include "cli/render/json_values.h"
#include "pgpm/import.h"

namespace pgpm::cli {

namespace {

std::string text_of(const ImportedModule& imported, const Style& style, bool dry) {
  std::string text;
  if (dry)
    for (const auto& change : imported.changes)
      text += fmt::format("  {} {}\n", style.green("+"), change.name);
  for (const Diagnostic& warning : imported.warnings)
    text += fmt::format("  {} {}: {} ({})\n", style.yellow("!"), warning.where.to_string(),
                        warning.message, warning.hint);
  return text;
}

Json to_json(const std::string& name, const ImportedModule& imported) {
  Json changes = Json::array();
  for (const auto& change : imported.changes)
    changes.push_back(Json{{"change", change.name}, {"requires", change.requires_changes}});
  return Json{{"module", name},
              {"changes", changes},
              {"extensions", imported.extensions},
              {"statements", imported.statements},
              {"skipped", imported.skipped},
              {"warnings", cli::to_json(imported.warnings)}};
}

int run(Invocation& invocation) {
  const std::string name = invocation.arguments.value("pkg");
  if (name.empty())
    throw Error(ErrorCode::usage, "the module's name is missing")
        .hint("pgpm import FILE --pkg NAME");
  const bool dry = invocation.arguments.is_on("dry-run");
  const ImportedModule imported = read_import(
      invocation.dir / invocation.arguments.positionals.front(),
      invocation.arguments.is_on("with-data") ? ImportRows::take : ImportRows::leave_out);
  Json document = to_json(name, imported);
  if (!dry)
    document["files"] = write_import(invocation.dir, name, imported,
                                     authorship(invocation.environment, invocation.dir));
  Answer answer;
  answer.text = text_of(imported, invocation.terminal.out, dry);
  answer.text += fmt::format("{} {}: {} of {}, {} left out.\n", dry ? "Would import" : "Imported",
                             name, count(imported.changes.size(), "change"),
                             count(imported.statements, "statement"), imported.skipped);
  if (!dry)
    answer.text +=
        "Next: `pgpm test-packages --full-cycle` proves it; where the database is "
        "there already, `pgpm migrate baseline` records it.\n";
  answer.document = dump_document(document);
  answer.diagnostics = imported.warnings;
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command import_command() {
  Command command;
  command.name = "import";
  command.group = "Files";
  command.summary = "make a module of a dump or a folder of SQL";
  command.description =
      "Cuts a file of pg_dump (or every *.sql of a folder) into changes, one for each object, "
      "constraint, index, trigger and policy, in the dump's order, with revert and verify scripts "
      "derived by PostgreSQL's own grammar. Comments and grants go with their object, extensions "
      "into the control file. Rows are left out unless --with-data is given. The module is made "
      "where `pgpm init` would make it. What nothing undoes is a warning.";
  command.positionals = {{"FILE|FOLDER", Positional::Count::required, "plain SQL"}};
  command.options = {
      {"pkg", 0, OptionKind::value, "NAME", "the new module's name", {"name"}},
      {"with-data", 0, OptionKind::flag, "", "take rows along", {"withData"}},
      {"dry-run", 'n', OptionKind::flag, "", "show the changes, write nothing", {"dryRun"}},
  };
  command.examples = {
      {"pgpm import shop.sql --pkg shop", "what `pgpm dump` wrote"},
      {"pgpm import sql/ --pkg legacy --with-data --dry-run", "a folder; only show"}};
  command.run = run;
  return command;
}

}  // namespace pgpm::cli
