#include <fmt/format.h>

#include "engine/db/commit.h"
#include "engine/migrate/opening.h"
#include "engine/sql/fingerprint.h"
#include "engine/text/digest.h"
#include "pgpm/renaming.h"

namespace pgpm {
namespace {

/// What the rows of one script become. A row whose script was edited after it was deployed keeps
/// the hash it has: renaming is no acceptance.
void append_row(const RegistryState& state, const Renaming::Script& script,
                std::vector<std::string>& statements) {
  const DeployedChange* row = state.find(script.package, script.from);
  if (row == nullptr) return;
  if (script.from != script.to)
    statements.push_back(registry::rename_instance_sql(script.package, script.from, script.to));
  if (row->script_hash == sha256_hex(script.before) && script.before != script.after)
    statements.push_back(registry::accept_edit_sql(
        script.package, script.to, sha256_hex(script.after), sql::fingerprint(script.after)));
}

/// The newest instance of a reworked change may be deployed under its plain name although its
/// scripts have a tag by now.
void append_plain_name(const RegistryState& state, const Renaming& renaming,
                       std::vector<std::string>& statements) {
  for (const Renaming::Script& script : renaming.scripts)
    if (script.package == renaming.package && script.from == renaming.from) return;
  if (state.find(renaming.package, renaming.from) != nullptr)
    statements.push_back(
        registry::rename_instance_sql(renaming.package, renaming.from, renaming.to));
}

std::vector<std::string> statements_for(const RegistryState& state, const Renaming& renaming) {
  std::vector<std::string> statements;
  for (const Renaming::Script& script : renaming.scripts) append_row(state, script, statements);
  if (renaming.subject == Renaming::Subject::change) {
    append_plain_name(state, renaming, statements);
    return statements;
  }
  bool deployed = false;
  for (const DeployedChange& change : state.changes)
    deployed = deployed || change.package == renaming.from;
  const bool has_objects = state.managed_objects.contains(renaming.from);
  if (!deployed && !has_objects) return statements;
  for (std::string& statement : registry::rename_package_sql(renaming.from, renaming.to))
    statements.push_back(std::move(statement));
  if (has_objects)
    for (std::string& statement : registry::rename_object_owner_sql(renaming.from, renaming.to))
      statements.push_back(std::move(statement));
  return statements;
}

void refuse_collision(const RegistryState& state, const Renaming& renaming) {
  for (const DeployedChange& change : state.changes) {
    const bool taken = renaming.subject == Renaming::Subject::module
                           ? change.package == renaming.to
                           : change.package == renaming.package && change.name == renaming.to;
    if (taken)
      throw Error(ErrorCode::refused,
                  fmt::format("the ledger has {}:{} deployed already", change.package, change.name))
          .leaving("nothing was changed");
  }
  for (const IntentRow& intent : state.intents)
    if (intent.package == renaming.package)
      throw Error(ErrorCode::refused,
                  fmt::format("{}:{} was interrupted half-way", intent.package, intent.change))
          .hint("finish it first: pgpm deploy")
          .leaving("nothing was changed");
}

}  // namespace

std::size_t rename_in_ledger(const Target& target, const Renaming& renaming,
                             const RunOptions& options, Observer& observer, std::stop_token stop) {
  db::Connection connection = open_for_writing(target, options, std::move(stop));
  const db::RunLock lock = take_run_lock(connection, options, observer);
  const RegistryState state = registry::read_state(connection, registry::Detail::names_and_hashes);
  refuse_collision(state, renaming);
  const std::vector<std::string> statements = statements_for(state, renaming);
  if (statements.empty()) {
    RenamedFiles(renaming).keep();
    return 0;
  }
  registry::install(connection);
  RunRow row(connection, "rename", options, {renaming.package});
  connection.exec("BEGIN");
  for (const std::string& statement : statements) connection.exec(statement);
  RenamedFiles files(renaming);
  db::commit(connection);
  files.keep();
  row.finish(Outcome::ok);
  std::size_t renamed = 0;
  for (const DeployedChange& change : state.changes)
    if (change.package == renaming.package &&
        (renaming.subject == Renaming::Subject::module || change.name == renaming.from ||
         change.name.starts_with(renaming.from + "@")))
      ++renamed;
  return renamed;
}

}  // namespace pgpm
