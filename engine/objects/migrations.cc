#include "engine/objects/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/sql/fingerprint.h"
#include "engine/sql/statement_kind.h"
#include "engine/text/digest.h"
#include "engine/text/file.h"

namespace pgpm::objects {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> migration_files(const fs::path& dir) {
  std::error_code problem;
  if (!fs::is_directory(dir, problem))
    throw Error(ErrorCode::configuration,
                fmt::format("there is no migrations directory {}", shown_path(dir)))
        .hint("Make it, or name another one with --migrations-dir or in pgmg.toml.");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(dir))
    if (entry.path().extension() == ".sql" && !entry.is_directory()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Migration read_migration(const fs::path& path) {
  Migration migration;
  migration.name = path.stem().string();
  migration.file = path.filename().string();
  std::string bytes = read_regular_file(path).value_or("");
  migration.digests = {sha256_hex(bytes), sql::fingerprint(bytes)};
  migration.script = sql::Script::parse(shown_path(path), std::move(bytes));
  return migration;
}

/// What runs outside a transaction cannot be taken back with what else the run did, and half of it
/// may stay after a crash. Changes of modules know how to go on from there; migrations are records
/// of what ran as a whole.
Diagnostic untransactional(const sql::Script& script) {
  std::size_t offset = 0;
  std::string what =
      "\"-- pgpm: no-transaction\" is for changes of modules: a run of migrations is one "
      "transaction";
  std::string hint = "Make it one (pgpm add), or take the line out.";
  for (const sql::Statement& statement : script.statements()) {
    if (!statement.refuses_transaction) continue;
    const std::string_view text = script.source().bytes();
    const std::string_view name =
        sql::refusal_name(text.substr(statement.begin, statement.end - statement.begin));
    offset = statement.begin;
    what = fmt::format("{} cannot run in a transaction, and a run of migrations is one", name);
    hint = name.ends_with(" CONCURRENTLY")
               ? "Leave CONCURRENTLY out; or make it a change of a module (pgpm add), which runs "
                 "outside one and is picked up again after a crash."
               : "Run it by hand, or make it a change of a module (pgpm add), which runs outside "
                 "one.";
    break;
  }
  return {Severity::error, script.source().location(offset), std::move(what),
          std::string(script.source().line_at(offset)), std::move(hint)};
}

void find_problems(const Migration& migration, std::vector<Diagnostic>& problems) {
  const sql::Script& script = *migration.script;
  for (const Diagnostic& problem : script.problems())
    if (problem.severity == Severity::error) problems.push_back(problem);
  if (!script.has_errors() && !script.transactional()) problems.push_back(untransactional(script));
}

Diagnostic edited(const Migration& migration) {
  return {Severity::error,
          {migration.script->source().file(), 0, 0},
          fmt::format("{} was edited after it ran", migration.file),
          "",
          "Put it back as it was, and write a new migration for what shall be different."};
}

Diagnostic late(const Migration& migration, const std::string& last) {
  return {Severity::warning,
          {migration.script->source().file(), 0, 0},
          fmt::format("{} runs now, after {}, which ran before it was there", migration.file, last),
          "",
          ""};
}

}  // namespace

MigrationPlan plan_migrations(const std::string& dir, const ObjectState& state) {
  MigrationPlan plan;
  if (dir.empty()) return plan;
  std::vector<Diagnostic> problems, edits;
  const std::string last = state.migrations.empty() ? "" : state.migrations.rbegin()->first;
  for (const fs::path& path : migration_files(dir)) {
    Migration migration = read_migration(path);
    const auto ran = state.migrations.find(migration.name);
    if (ran != state.migrations.end()) {
      if (ran->second.fingerprint != migration.digests.fingerprint)
        edits.push_back(edited(migration));
      continue;
    }
    find_problems(migration, problems);
    if (migration.name < last) plan.warnings.push_back(late(migration, last));
    plan.pending.push_back(std::move(migration));
  }
  if (!problems.empty())
    throw Error(ErrorCode::configuration, "there are migrations that cannot run")
        .with(std::move(problems));
  if (!edits.empty())
    throw Error(ErrorCode::edited_script, "migrations that ran were edited since")
        .with(std::move(edits));
  return plan;
}

}  // namespace pgpm::objects
