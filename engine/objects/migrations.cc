#include "engine/objects/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/sql/fingerprint.h"
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

void find_problems(const Migration& migration, std::vector<Diagnostic>& problems) {
  const sql::Script& script = *migration.script;
  for (const Diagnostic& problem : script.problems())
    if (problem.severity == Severity::error) problems.push_back(problem);
  if (script.has_errors() || script.transactional()) return;
  std::size_t offset = 0;
  for (const sql::Statement& statement : script.statements())
    if (statement.refuses_transaction) {
      offset = statement.begin;
      break;
    }
  problems.push_back({Severity::error, script.source().location(offset),
                      "this cannot run in a transaction, and a run of migrations is one",
                      std::string(script.source().line_at(offset)),
                      "Run it by hand, or as a change of a module."});
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
