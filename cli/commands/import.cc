#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/output.h"
#include "cli/planner.h"
#include "cli/render/json_values.h"
#include "engine/text/file_changes.h"
#include "pgpm/distribution.h"
#include "pgpm/import.h"
#include "pgpm/ledger.h"

namespace pgpm::cli {

namespace {

using Modules = std::vector<ImportedModule>;

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

Json json_of(const ImportedModule& imported) {
  Json changes = Json::array();
  for (const auto& change : imported.changes)
    changes.push_back(Json{{"change", change.name}, {"requires", change.requires_changes}});
  return Json{{"module", imported.name},
              {"changes", changes},
              {"extensions", imported.extensions},
              {"modules", imported.modules},
              {"statements", imported.statements},
              {"skipped", imported.skipped},
              {"warnings", cli::to_json(imported.warnings)}};
}

ImportOptions options_of(const Arguments& arguments, const std::string& name) {
  ImportOptions options;
  if (arguments.is_on("with-data")) options.rows = ImportOptions::Rows::take;
  const std::string tables = arguments.value("granularity");
  if (tables == "atomic") options.tables = ImportOptions::Tables::atomic;
  if (tables == "object") options.tables = ImportOptions::Tables::object;
  if (tables == "consolidated") options.tables = ImportOptions::Tables::consolidated;
  const std::string changes = arguments.value("change-granularity");
  if (changes == "alteration") options.changes = ImportOptions::Changes::alteration;
  if (changes == "single") options.changes = ImportOptions::Changes::single;
  if (!name.empty()) options.single_change = name;
  if (arguments.value("naming") == "flat") options.naming = ImportOptions::Naming::flat;
  return options;
}

void check_options(const Arguments& arguments) {
  for (const char* name : {"out", "partition", "emit-sql", "emit-bundle"})
    if (const auto given = arguments.given(name); given && given->empty())
      throw Error(ErrorCode::usage, fmt::format("--{} is empty", name));
  const bool partition = arguments.given("partition").has_value();
  if (arguments.value("pkg").empty() && !partition)
    throw Error(ErrorCode::usage, "the module's name is missing")
        .hint("pgpm import FILE --pkg NAME");
  if (partition && arguments.given("emit-bundle"))
    throw Error(ErrorCode::usage, "--emit-bundle writes one module, --partition makes several")
        .hint("pgpm package writes the bundle of each");
  if (partition && arguments.value("change-granularity") == "single")
    throw Error(ErrorCode::usage, "a single change cannot be given to several modules");
}

Modules read_modules(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string name = arguments.value("pkg");
  ImportedModule imported =
      read_import(invocation.dir / arguments.positionals.front(), options_of(arguments, name));
  if (arguments.given("partition"))
    return split_import(std::move(imported), invocation.dir / arguments.value("partition"));
  imported.name = name;
  return {std::move(imported)};
}

/// The new modules as they are on disk; each may be in no workspace, and alone there.
Workspace loaded(const std::vector<WrittenModule>& written) {
  Workspace workspace;
  for (const WrittenModule& module : written) {
    const Workspace around = load_workspace(module.dir);
    if (const Module* found = around.find(module.name)) workspace.modules.push_back(*found);
  }
  return workspace;
}

std::string summary(const Modules& modules, const char* verb) {
  std::string text;
  for (const ImportedModule& module : modules) {
    text += fmt::format("{} {}: {}", verb, module.name, count(module.changes.size(), "change"));
    if (&module == &modules.front())
      text +=
          fmt::format(" of {}, {} left out", count(module.statements, "statement"), module.skipped);
    text += ".\n";
  }
  return text;
}

/// A file beside the modules, which goes with them if all of it comes to nothing. What is no file
/// (a pipe, /dev/stderr) cannot be taken back.
std::filesystem::path further(const std::filesystem::path& file, FileChanges& files) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status))
    files.remember(file);
  return file;
}

std::string write_baseline(const std::vector<WrittenModule>& written,
                           const std::filesystem::path& base, FileChanges& files) {
  const std::filesystem::path file =
      (written.size() == 1 ? written.front().dir : base) / "baseline.sql";
  FileOutput(further(file, files)).write(baseline_sql(loaded(written), {}));
  return file.lexically_relative(std::filesystem::canonical(base)).generic_string();
}

void emit_sql(Invocation& invocation, const Modules& modules, Json& document, std::string& text,
              FileChanges& files) {
  const std::string file = invocation.arguments.value("emit-sql");
  if (file.empty()) return;
  const std::string sql = import_sql(modules);
  if (file == "-") {
    document["sql"] = sql;
    text = sql;
  } else {
    FileOutput(further(invocation.dir / file, files)).write(sql);
    text += fmt::format("Wrote {}.\n", file);
  }
}

/// Makes the modules and what else is wanted, all of it or nothing; the files go into the document.
void write_modules(Invocation& invocation, const Modules& modules, Json& document,
                   std::string& text) {
  const Arguments& arguments = invocation.arguments;
  ImportPlace place;
  place.start = invocation.dir;
  if (arguments.given("out")) place.folder = invocation.dir / arguments.value("out");
  if (arguments.is_on("write")) place.existing = ImportPlace::Existing::replace;
  ImportedFiles imported(place, modules, authorship(invocation.environment, invocation.dir));
  FileChanges others;
  const std::vector<WrittenModule>& written = imported.modules();
  const std::filesystem::path base = place.folder.empty() ? place.start : place.folder;
  Json files = Json::array();
  for (const WrittenModule& module : written)
    for (const std::string& file : module.files) files.push_back(file);
  if (arguments.is_on("baseline")) {
    files.push_back(write_baseline(written, base, others));
    text += fmt::format("Wrote {}.\n", files.back().get<std::string>());
  }
  if (const std::string file = arguments.value("emit-bundle"); !file.empty()) {
    const Workspace workspace = loaded(written);
    write_bundle(workspace.modules.front(), further(invocation.dir / file, others));
    text += fmt::format("Wrote {}.\n", file);
  }
  document["files"] = files;
  text += summary(modules, "Imported");
  text +=
      "Next: `pgpm test-packages --full-cycle` proves it; where the database is "
      "there already, `pgpm migrate baseline` records it.\n";
  emit_sql(invocation, modules, document, text, others);
  others.keep();
  imported.keep();
}

int run_import(Invocation& invocation) {
  check_options(invocation.arguments);
  const bool dry = invocation.arguments.is_on("dry-run");
  const Modules modules = read_modules(invocation);
  Json document = json_of(modules.front());
  if (invocation.arguments.given("partition")) {
    Json all = Json::array();
    for (const ImportedModule& module : modules) all.push_back(json_of(module));
    document = Json{{"modules", all}};
  }
  Answer answer;
  for (const ImportedModule& module : modules)
    answer.text += text_of(module, invocation.terminal.out, dry);
  if (dry)
    answer.text += summary(modules, "Would import");
  else
    write_modules(invocation, modules, document, answer.text);
  answer.document = dump_document(document);
  for (const ImportedModule& module : modules)
    answer.diagnostics.insert(answer.diagnostics.end(), module.warnings.begin(),
                              module.warnings.end());
  invocation.reports.answer(answer);
  return 0;
}

std::vector<Option> import_options() {
  return {
      {"pkg", 0, OptionKind::value, "NAME", "the new module's name", {"name"}},
      {"out", 0, OptionKind::value, "DIR",
       "make DIR/NAME (default: where `pgpm init` would make it)"},
      {"granularity",
       0,
       OptionKind::value,
       "SHAPE",
       "how much of a table its CREATE TABLE says (default as-written)",
       {},
       {"as-written", "atomic", "object", "consolidated"}},
      {"change-granularity",
       0,
       OptionKind::value,
       "CUT",
       "what shares a change (default object)",
       {"changeGranularity"},
       {"alteration", "object", "single"}},
      {"naming",
       0,
       OptionKind::value,
       "STYLE",
       "how changes are named (default directory)",
       {},
       {"directory", "flat"}},
      {"with-data", 0, OptionKind::flag, "", "take rows along", {"withData"}},
      {"partition", 0, OptionKind::value, "FILE", "give the changes to several modules, by rules"},
      {"write", 0, OptionKind::flag, "", "replace a module that is there already"},
      {"emit-sql",
       0,
       OptionKind::value,
       "FILE",
       "write all deploy statements as one script, too (- = standard output)",
       {"emitSql"}},
      {"emit-bundle",
       0,
       OptionKind::value,
       "FILE",
       "write the module's bundle, too",
       {"emitBundle"}},
      {"baseline", 0, OptionKind::flag, "",
       "write baseline.sql, which records the changes where the objects are there already"},
      {"dry-run", 'n', OptionKind::flag, "", "show the changes, write nothing", {"dryRun"}},
  };
}

}  // namespace

Command import_command() {
  Command command;
  command.group = "Files";
  command.summary = "make a module of a dump or a folder of SQL";
  command.description =
      "Cuts a file of pg_dump (or every *.sql of a folder) into changes, one for each object, "
      "constraint, index, trigger and policy, in the dump's order, with revert and verify scripts "
      "derived by PostgreSQL's own grammar. Comments and grants go with their object, extensions "
      "into the control file. Rows are left out unless --with-data is given. The module is made "
      "where `pgpm init` would make it. What nothing undoes is a warning.\n\n"
      "--granularity says how much of a table its CREATE TABLE says: atomic nothing, columns and "
      "constraints are added one by one; object columns and constraints; consolidated also foreign "
      "keys, where the other table is made before and no rows come along; as-written what the dump "
      "says. --change-granularity alteration gives each statement a change of its own, single "
      "makes one of all. --naming flat leaves the kind out: schemas/app/tables/users instead of "
      "schemas/app/tables/users/table.\n\n"
      "--partition FILE makes several modules of it. The file is JSON: defaultPackage, and rules, "
      "each with a package and a list of selectors (schema, kind, name, table, path; a text or a "
      "list of texts); the first rule that selects a change has it. A rule with \"closure\": true "
      "draws along what its changes need.";
  command.positionals = {{"FILE|FOLDER", Positional::Count::required, "plain SQL"}};
  command.options = import_options();
  command.examples = {
      {"pgpm import shop.sql --pkg shop", "what `pgpm dump` wrote"},
      {"pgpm import sql/ --pkg legacy --with-data --dry-run", "a folder; only show"},
      {"pgpm import shop.sql --partition modules.json --granularity object --baseline",
       "several modules, and the SQL that records them"}};
  command.run = run_import;
  return command;
}

}  // namespace pgpm::cli
