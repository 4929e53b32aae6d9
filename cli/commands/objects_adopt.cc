#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/objects_project.h"
#include "cli/render/failure.h"
#include "cli/render/json_values.h"
#include "cli/render/objects.h"
#include "pgpm/adopt_objects.h"

namespace pgpm::cli {

namespace {

AdoptObjectsOptions options_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const ObjectOptions shared = object_options_of(invocation);
  const ObjectFiles& files = shared.files;
  if (files.code_dir.empty())
    throw Error(ErrorCode::usage, "where to? --code-dir is not given")
        .hint("Name it, or write code_dir into pgmg.toml.");
  AdoptObjectsOptions options;
  options.code_dir = files.code_dir;
  options.schemas = arguments.values("schema");
  options.dry_run = arguments.is_on("dry-run");
  if (arguments.is_on("record-migrations")) {
    if (files.migrations_dir.empty())
      throw Error(ErrorCode::usage, "--record-migrations goes with a migrations directory")
          .hint("Name it with --migrations-dir, or write migrations_dir into pgmg.toml.");
    options.migrations_dir = files.migrations_dir;
  }
  options.lock_wait = shared.lock_wait;
  return options;
}

/// "view names, 2 comments, 1 grant"
std::string content(const ObjectAdoption::File& file) {
  std::size_t comments = 0, grants = 0;
  for (const DeclaredObject& object : file.objects) {
    if (object.kind == "comment") ++comments;
    if (object.kind == "grant") ++grants;
  }
  const DeclaredObject& first = file.objects.front();
  std::string text = first.kind + " " + printable(first.name);
  if (comments > 0) text += ", " + count(comments, "comment");
  if (grants > 0) text += ", " + count(grants, "grant");
  return text;
}

std::string text_of(const ObjectAdoption& adoption, bool dry, const Style& style) {
  std::string text;
  for (const ObjectAdoption::File& file : adoption.files)
    text += fmt::format("  {} {}: {}\n", style.green("+"), printable(file.file), content(file));
  for (const std::string& migration : adoption.migrations)
    text += fmt::format("  {} migration {}, without running it\n", style.green("="),
                        printable(migration));
  for (const Diagnostic& each : adoption.warnings) text += show_diagnostic(each, style);
  if (!text.empty()) text += "\n";
  text += fmt::format("{} {} and {} {} of database {}.\n", dry ? "Would write" : "Wrote",
                      count(adoption.files.size(), "file"), dry ? "record" : "recorded",
                      count(adoption.recorded(), "declaration"), printable(adoption.database));
  if (adoption.managed > 0)
    text += fmt::format(
        "{} managed already.\n",
        adoption.managed == 1 ? "1 object is" : fmt::format("{} objects are", adoption.managed));
  return text;
}

Json json_of(const std::vector<DeclaredObject>& objects) {
  Json list = Json::array();
  for (const DeclaredObject& object : objects)
    list.push_back(Json{{"kind", object.kind}, {"name", object.name}});
  return list;
}

Json json_of(const ObjectAdoption& adoption, bool dry) {
  Json files = Json::array();
  for (const ObjectAdoption::File& file : adoption.files)
    files.push_back(Json{{"file", file.file}, {"objects", json_of(file.objects)}});
  Json json{{"database", adoption.database},
            {"dry_run", dry},
            {"files", files},
            {"declared_before", json_of(adoption.declared)},
            {"migrations", adoption.migrations},
            {"recorded", adoption.recorded()},
            {"managed_before", adoption.managed}};
  if (!adoption.warnings.empty()) json["warnings"] = cli::to_json(adoption.warnings);
  return json;
}

int run_objects_adopt(Invocation& invocation) {
  const AdoptObjectsOptions options = options_of(invocation);
  const ObjectAdoption adoption =
      adopt_objects(object_target_of(invocation), options, invocation.stop);
  Answer answer;
  answer.text = text_of(adoption, options.dry_run, invocation.terminal.out);
  answer.document = dump_document(json_of(adoption, options.dry_run));
  answer.diagnostics = adoption.warnings;
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command objects_adopt_command() {
  Command command;
  command.group = "Objects";
  command.summary = "write files for the objects a database has, and manage them from then on";
  command.description =
      "Writes one file for each view, function, type, trigger and so on of the database below the "
      "code directory: DIR/views/names.sql, with a folder for the schema where there are several. "
      "What is said of an object is in its file: comments and grants. All of them are recorded as "
      "applied, so that `pgpm objects plan` has nothing to do.\n\n"
      "Migrations run before objects are made. So tables, sequences and what those need (the type "
      "of a column, the function of a default) are left to migrations, and so is what no file can "
      "declare; each is named. Objects of extensions are left to those.\n\n"
      "No file is written over: if one is there, nothing is written at all (status 19). What is "
      "managed already is passed over, and what files declare as the database has it is recorded: "
      "so another database can be adopted with the same files.";
  std::vector<Option> own = with_object_files(
      {{"schema", 0, OptionKind::many_values, "NAME", "objects of this schema only (repeatable)"},
       {"record-migrations", 0, OptionKind::flag, "",
        "record migrations that have not run as run: the database has what they make"},
       {"dry-run", 'n', OptionKind::flag, "", "show what would be done, touch nothing", {"dryRun"}},
       object_lock_wait()});
  command.options = with_object_connection(std::move(own));
  command.examples = {
      {"pgpm objects adopt --code-dir sql -d shop", "all that files can declare"},
      {"pgpm objects adopt --code-dir sql --schema app --schema api --dry-run -d shop",
       "show which files those of two schemas would be"},
      {"pgpm objects adopt --code-dir sql --migrations-dir migrations --record-migrations -d shop",
       "the tables are in migrations/001_tables.sql, which is not run here"},
  };
  command.run = run_objects_adopt;
  return command;
}

}  // namespace pgpm::cli
