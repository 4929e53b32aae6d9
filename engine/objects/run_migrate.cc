// Scripts, statement by statement. One that the server refuses because objects need what it
// changes is let through: they are dropped, right there, and it runs again.
#include <fmt/format.h>

#include "engine/db/batch.h"
#include "engine/objects/naming.h"
#include "engine/objects/run.h"
#include "engine/objects/severity.h"

namespace pgpm::objects {

namespace {

constexpr std::string_view dependent_objects_still_exist = "2BP01";
constexpr std::string_view feature_not_supported = "0A000";  // "column used by a view"

[[noreturn]] void fail(const db::BatchFailure& failure, const Migration& migration) {
  const ErrorCode code =
      failure.interrupted       ? ErrorCode::interrupted
      : failure.lost_connection ? ErrorCode::connection
      : failure.message.sqlstate == "55P03" || failure.message.sqlstate == "57014"
          ? ErrorCode::timed_out
          : ErrorCode::sql;
  Error error(code, failure.message.message);
  error.from_server(failure.message);
  if (failure.where) error.at(*failure.where, failure.source_line);
  error.add_context("running migration " + migration.file);
  throw error;
}

std::string_view text_of(const sql::Script& script, std::size_t statement) {
  const sql::Statement& at = script.statements()[statement];
  return script.source().bytes().substr(at.begin, at.end - at.begin);
}

}  // namespace

void ObjectRun::migrate() {
  for (const Migration& migration : migrations_.pending) {
    report_.migrations.push_back(
        {migration.name, migration.file, compatibility_of_migration(*migration.script)});
    run_migration(migration);
    if (recording_ == Recording::yes)
      record_migration(connection_, migration.name, migration.digests);
    tell({ObjectStep::Act::migrate, "migration", migration.name, migration.script->source().file(),
          ""});
  }
}

void ObjectRun::run_migration(const Migration& migration) {
  for (std::size_t i = 0; i < migration.script->statements().size(); ++i)
    if (const auto failure = run_statement(migration.script, i, migration.file))
      fail(*failure, migration);
  db::Batch reset(connection_.settings_after_reset());
  reset.add_reset(0);
  if (const auto failure = run_batch(connection_, reset)) fail(*failure, migration);
}

std::optional<db::BatchFailure> ObjectRun::run_statement(
    const std::shared_ptr<const sql::Script>& script, std::size_t statement,
    const std::string& script_name) {
  if (!has_run_scripts_) {
    find_settled();
    remember({were_settled_.begin(), were_settled_.end()});
  }
  has_run_scripts_ = true;
  while (true) {
    db::Batch batch;
    // A savepoint of the script's own has to outlive its statement.
    if (script->statements()[statement].kind == sql::Statement::Kind::transaction) {
      batch.add_statement(script, statement, 0);
      return run_batch(connection_, batch);
    }
    batch.add("SAVEPOINT pgpm_migration", 0);
    batch.add_statement(script, statement, 0);
    batch.add("RELEASE SAVEPOINT pgpm_migration", 0);
    auto failure = run_batch(connection_, batch);
    if (!failure) return std::nullopt;
    const bool may_be_in_the_way = !failure->lost_connection && !failure->interrupted &&
                                   (failure->message.sqlstate == dependent_objects_still_exist ||
                                    failure->message.sqlstate == feature_not_supported);
    if (!may_be_in_the_way) return failure;
    connection_.exec("ROLLBACK TO SAVEPOINT pgpm_migration");
    // The script goes on with the search_path that it has set, if it did.
    const std::string path =
        connection_.exec("SELECT pg_catalog.current_setting('search_path')").str(0, 0);
    const auto ids = blockers(*failure, text_of(*script, statement));
    if (ids.empty()) return failure;
    drop_cone(ids, fmt::format("in the way of {}", script_name));
    connection_.query("SELECT pg_catalog.set_config('search_path', $1, true)", {path});
  }
}

std::vector<CatalogId> ObjectRun::blockers(const db::BatchFailure& failure,
                                           std::string_view statement) {
  std::vector<CatalogId> ids = catalog_->described_in(failure.message.detail);
  const auto remakes = catalog_->remakes(ids);
  std::erase_if(ids, [&](CatalogId id) {
    if (declared_at_.contains(id) || removed_at_.contains(id)) return false;
    const auto found = remakes.find(id);
    return found == remakes.end() || found->second.make_sql.empty();
  });
  if (!ids.empty()) return ids;
  // Some messages name nobody: then whatever of ours needs what the statement names.
  std::vector<CatalogId> named;
  for (const sql::Reference& reference : sql::script_references(statement)) {
    const bool is_type = reference.kind == sql::Reference::Kind::type;
    if (!is_type && reference.kind != sql::Reference::Kind::relation) continue;
    const db::Result row = connection_.query(
        is_type ? "SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid,"
                  " pg_catalog.to_regtype($1)::pg_catalog.oid"
                : "SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,"
                  " pg_catalog.to_regclass($1)::pg_catalog.oid",
        {quoted(reference.name)});
    if (!row.is_null(0, 1))
      named.push_back({static_cast<std::uint32_t>(row.integer(0, 0)),
                       static_cast<std::uint32_t>(row.integer(0, 1))});
  }
  std::set<CatalogId> ours;
  for (const CatalogEdge& edge : catalog_->dependents(named))
    if (declared_at_.contains(edge.dependent)) ours.insert(edge.dependent);
  return {ours.begin(), ours.end()};
}

void ObjectRun::look_at_touched() {
  if (subject_.goal != RunSubject::Goal::as_declared) return;
  // A script may have dropped or made what is declared.
  live_.clear();
  declared_at_.clear();
  removed_at_.clear();
  find_live();
  for (std::size_t i = 0; i < objects_.size(); ++i)
    if (!live_.contains(i) && !objects_[i].address.klass.empty() && !kept_drift_.contains(i))
      schedule(i, Need::again, fmt::format("a {} dropped it", script_word()));
  for (const CatalogEdge& edge : catalog_->dependents(catalog_->touched())) {
    const auto managed = declared_at_.find(edge.dependent);
    if (managed != declared_at_.end())
      schedule(managed->second, Need::look,
               fmt::format("a {} changed what it reads", script_word()));
  }
}

}  // namespace pgpm::objects
