// What comes: objects that are new, changed or were dropped, each by the gentlest way the server
// allows. What fails for want of something that is still to come is tried again behind it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/objects/run.h"
#include "engine/objects/statement_text.h"
#include "engine/sql/quote.h"

namespace pgpm::objects {

namespace {

constexpr const char* probe_view = "pgpm_probe";

bool may_succeed_later(const Error& error) {
  // Class 42 is about what is not there or not of the right kind, yet.
  return error.code() == ErrorCode::sql && error.server() &&
         error.server()->sqlstate.starts_with("42");
}

/// The server would replace it, were it of the same shape: invalid_table_definition,
/// invalid_function_definition, wrong_object_type.
bool has_other_shape(const Error& error) {
  constexpr std::array<std::string_view, 3> states{"42P16", "42P13", "42809"};
  return error.server() &&
         std::find(states.begin(), states.end(), error.server()->sqlstate) != states.end();
}

bool is_saying(ObjectKind kind) {
  return !is_in_catalogs(kind);
}

bool is_view(ObjectKind kind) {
  return kind == ObjectKind::view || kind == ObjectKind::materialized_view;
}

/// Where a new label goes: " BEFORE 'x'" if one that is there follows it.
std::string label_place(const std::vector<std::string>& labels, std::size_t at,
                        const std::vector<std::string>& there) {
  for (std::size_t i = at + 1; i < labels.size(); ++i)
    if (std::find(there.begin(), there.end(), labels[i]) != there.end())
      return " BEFORE " + sql::quote_literal(labels[i]);
  return {};
}

bool keeps_order(const std::vector<std::string>& there, const std::vector<std::string>& labels) {
  std::size_t at = 0;
  for (const std::string& label : labels)
    if (at < there.size() && there[at] == label) ++at;
  return at == there.size();
}

}  // namespace

void ObjectRun::make_all() {
  while (!tasks_.empty()) {
    std::optional<Error> first;
    bool has_made = false;
    while (!tasks_.empty()) {
      const auto task = tasks_.extract(tasks_.begin());
      const auto object = managed_at(task.key());
      try {
        make(task.key(), task.mapped());
        has_made = true;
      } catch (const Error& error) {
        if (!may_succeed_later(error)) throw;
        if (!first) first = error;
        deferred_.emplace(place_now(task.key(), object), task.mapped());
      }
    }
    if (!has_made && first) throw *first;
    tasks_.merge(deferred_);
    deferred_.clear();
  }
}

std::optional<std::size_t> ObjectRun::managed_at(const Place& place) const {
  if (foreign_at_.contains(place)) return std::nullopt;
  return order_.sequence[place.first];
}

ObjectRun::Place ObjectRun::place_now(const Place& before,
                                      const std::optional<std::size_t>& object) const {
  return object ? Place{place_of_[*object], 0} : before;
}

void ObjectRun::make(const Place& place, const Task& task) {
  const auto object = managed_at(place);
  connection_.exec("SAVEPOINT pgpm_make");
  try {
    if (object)
      make_object(*object, task);
    else
      make_foreign(foreign_[foreign_at_.at(place)]);
    connection_.exec("RELEASE SAVEPOINT pgpm_make");
  } catch (const Error& error) {
    if (connection_.transaction_status() == db::TransactionStatus::in_error) {
      const db::StopMask mask(connection_);
      connection_.exec("ROLLBACK TO SAVEPOINT pgpm_make");
    }
    const Place now = place_now(place, object);
    if (!fill_sources(error, now, task)) throw;
    make(now, task);
  }
}

void ObjectRun::send(std::size_t object, const SentText& text) {
  try {
    connection_.exec(text.sql);
  } catch (const Error& error) {
    throw in_file(error, objects_[object], text);
  }
}

void ObjectRun::make_object(std::size_t object, const Task& task) {
  const ManagedObject& managed = objects_[object];
  if (is_saying(managed.key.kind)) {
    send(object, as_written(managed));
    made_.insert(object);
    tell(ObjectStep::Act::create, object, task.reason);
    return;
  }
  const auto live = live_.find(object);
  if (live == live_.end()) return create(object, task);
  if (task.need == Need::look && is_as_declared(object)) return;
  if (task.need == Need::added && !managed.definition.replaces)
    throw Error(ErrorCode::refused,
                fmt::format("{} {} is there already, and nobody applied it from a file",
                            object_kind_name(managed.key.kind), managed.shown))
        .at(managed.where(), std::string(managed.source->line_at(managed.offset)))
        .hint("Drop or rename what is there, or take the declaration out of the code directory.");
  if (task.need == Need::look) {
    remember({object});
    schedule(object, Need::again, task.reason);
  }
  tasks_.erase({place_of_[object], 0});
  if (extend_enum(object, task) || alter_type(object, task) || replace(object, task)) return;
  drop_cone({live->second}, task.reason);
}

void ObjectRun::create(std::size_t object, const Task& task) {
  const ManagedObject& managed = objects_[object];
  const bool is_body_early = order_.before_bodies.contains(object);
  if (is_body_early) connection_.exec("SET LOCAL check_function_bodies TO off");
  send(object, as_written(managed));
  if (is_body_early) connection_.exec("SET LOCAL check_function_bodies TO DEFAULT");
  const auto found = catalog_->locate({managed.address}).front();
  if (!found)
    throw Error(ErrorCode::internal, fmt::format("{} {} was made, but is not to be found",
                                                 object_kind_name(managed.key.kind), managed.shown))
        .at(managed.where());
  if (const auto kept = kept_.find(object); kept != kept_.end())
    give_back(connection_, *catalog_, *found, kept->second, at_end_);
  live_[object] = *found;
  declared_at_[*found] = object;
  made_.insert(object);
  tell(ObjectStep::Act::create, object, task.reason);
  say_again(object);
}

bool ObjectRun::replace(std::size_t object, const Task& task) {
  const auto text = as_replacement(objects_[object], connection_.server_version() / 10000);
  if (!text) return false;
  const CatalogId id = live_.at(object);
  const auto before = is_view(objects_[object].key.kind) ? catalog_->definitions({id})
                                                         : std::map<CatalogId, ServerDefinition>();
  connection_.exec("SAVEPOINT pgpm_replace");
  try {
    send(object, *text);
  } catch (const Error& error) {
    if (!has_other_shape(error)) throw;
    connection_.exec("ROLLBACK TO SAVEPOINT pgpm_replace");
    return false;
  }
  connection_.exec("RELEASE SAVEPOINT pgpm_replace");
  made_.insert(object);
  tell(ObjectStep::Act::replace, object, task.reason);
  if (!before.empty() && before.at(id).interface != catalog_->definitions({id}).at(id).interface) {
    has_reshaped_ = true;
    look_at_dependents(object, fmt::format("{} has other columns", objects_[object].shown));
  }
  return true;
}

bool ObjectRun::extend_enum(std::size_t object, const Task& task) {
  const ManagedObject& managed = objects_[object];
  if (managed.definition.kind != sql::DefinitionKind::enum_type) return false;
  const db::Result rows = connection_.query(
      "SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = $1::pg_catalog.oid"
      " ORDER BY enumsortorder",
      {std::to_string(live_.at(object).objid)});
  std::vector<std::string> there;
  for (std::size_t row = 0; row < rows.rows(); ++row) there.push_back(rows.str(row, 0));
  const std::vector<std::string>& labels = managed.definition.labels;
  if (!keeps_order(there, labels)) return false;
  if (there.size() < labels.size() && connection_.server_version() < 120000) {
    make_enum_anew(object, task);
    return true;
  }
  const std::string type = sql::quote_identifier(managed.address.name.schema) + "." +
                           sql::quote_identifier(managed.address.name.name);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (std::find(there.begin(), there.end(), labels[i]) == there.end())
      connection_.exec(fmt::format("ALTER TYPE {} ADD VALUE {}{}", type,
                                   sql::quote_literal(labels[i]), label_place(labels, i, there)));
  made_.insert(object);
  tell(ObjectStep::Act::replace, object, task.reason);
  return true;
}

/// Since 12 a label can be added in a transaction.
void ObjectRun::make_enum_anew(std::size_t object, const Task& task) {
  try {
    drop_cone({live_.at(object)}, task.reason);
  } catch (Error& error) {
    if (error.code() == ErrorCode::refused)
      error.hint(
          "Before PostgreSQL 12 no label can be added in a transaction: "
          "run ALTER TYPE ... ADD VALUE yourself, and apply again.");
    throw;
  }
}

bool ObjectRun::is_as_declared(std::size_t object) {
  const ManagedObject& managed = objects_[object];
  if (managed.definition.has_parsed_body) return is_same_when_replaced(object);
  if (!is_view(managed.key.kind)) return true;
  const auto text = as_temporary_view(managed, probe_view);
  if (!text) return false;
  connection_.exec("SAVEPOINT pgpm_probe");
  bool is_same = false;
  try {
    connection_.exec(*text);
    const db::Result probe = connection_.query(
        "SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, p.oid,"
        " pg_catalog.pg_get_viewdef(p.oid) = pg_catalog.pg_get_viewdef($1::pg_catalog.oid)"
        " FROM pg_catalog.pg_class AS p WHERE p.relnamespace = pg_catalog.pg_my_temp_schema()"
        " AND p.relname = $2",
        {std::to_string(live_.at(object).objid), probe_view});
    const CatalogId id{static_cast<std::uint32_t>(probe.integer(0, 0)),
                       static_cast<std::uint32_t>(probe.integer(0, 1))};
    const CatalogId live = live_.at(object);
    auto both = catalog_->definitions({id, live});
    is_same = probe.boolean(0, 2) && both[id].interface == both[live].interface;
  } catch (const Error& error) {
    // Whatever is wrong with it shows when it is made.
    if (!error.server()) throw;
  }
  connection_.exec("ROLLBACK TO SAVEPOINT pgpm_probe");
  connection_.exec("RELEASE SAVEPOINT pgpm_probe");
  return is_same;
}

bool ObjectRun::is_same_when_replaced(std::size_t object) {
  const auto text = as_replacement(objects_[object], connection_.server_version() / 10000);
  if (!text) return true;
  const CatalogId id = live_.at(object);
  const auto before = catalog_->definitions({id});
  connection_.exec("SAVEPOINT pgpm_probe");
  bool is_same = false;
  try {
    connection_.exec(text->sql);
    is_same = before.at(id).definition == catalog_->definitions({id}).at(id).definition;
  } catch (const Error& error) {
    // Whatever is wrong with it shows when it is made.
    if (!error.server()) throw;
  }
  connection_.exec("ROLLBACK TO SAVEPOINT pgpm_probe");
  connection_.exec("RELEASE SAVEPOINT pgpm_probe");
  return is_same;
}

void ObjectRun::look_at_dependents(std::size_t object, const std::string& reason) {
  find_settled();
  for (const std::size_t dependent : needed_by_[object])
    if ((is_view(objects_[dependent].key.kind) || objects_[dependent].definition.has_parsed_body) &&
        live_.contains(dependent))
      schedule(dependent, Need::look, reason);
}

void ObjectRun::say_again(std::size_t object) {
  for (const std::size_t dependent : needed_by_[object])
    if (is_saying(objects_[dependent].key.kind))
      schedule(dependent, Need::again, fmt::format("said of {}", objects_[object].shown));
}

namespace {

/// Where an object of others is, now that it was made again.
std::optional<CatalogId> found_again(db::Connection& connection, const Remake& remake) {
  const bool is_relation =
      remake.kind == "view" || remake.kind == "materialized view" || remake.kind == "index";
  const bool is_routine = remake.kind == "function" || remake.kind == "procedure";
  if (!is_relation && !is_routine) return std::nullopt;
  const db::Result row =
      connection.query(fmt::format("SELECT 'pg_catalog.{}'::pg_catalog.regclass::pg_catalog.oid,"
                                   " pg_catalog.{}($1)::pg_catalog.oid",
                                   is_relation ? "pg_class" : "pg_proc",
                                   is_relation ? "to_regclass" : "to_regprocedure"),
                       {remake.identity});
  return CatalogId{static_cast<std::uint32_t>(row.integer(0, 0)),
                   static_cast<std::uint32_t>(row.integer(0, 1))};
}

}  // namespace

/// The body of a function is a text that was right before: it is not for us to judge, and names in
/// it may mean what the search_path of whoever calls it says.
void ObjectRun::put_back(const Remake& remake) {
  const bool has_body = remake.kind == "function" || remake.kind == "procedure";
  if (!has_body) return catalog_->run_qualified(remake.make_sql);
  const std::string checks =
      connection_.exec("SELECT pg_catalog.current_setting('check_function_bodies')").str(0, 0);
  connection_.exec("SET LOCAL check_function_bodies TO off");
  catalog_->run_qualified(remake.make_sql);
  connection_.query("SELECT pg_catalog.set_config('check_function_bodies', $1, true)", {checks});
}

void ObjectRun::make_foreign(Foreign& foreign) {
  try {
    put_back(foreign.remake);
    const auto id = found_again(connection_, foreign.remake);
    // What has no owner and no rights has no use for its number.
    give_back(connection_, *catalog_, id.value_or(CatalogId{}), foreign.kept, at_end_);
  } catch (Error& error) {
    error.add_context(
        subject_.goal == RunSubject::Goal::as_they_were
            ? fmt::format("putting {} back as it was", foreign.remake.what)
            : fmt::format("making {} again, which is not managed", foreign.remake.what));
    throw;
  }
  tell(
      {ObjectStep::Act::restore, foreign.remake.kind, foreign.remake.identity, "", foreign.reason});
}

void ObjectRun::check_bodies() {
  for (const std::size_t object : order_.before_bodies)
    if (made_.contains(object))
      if (const auto text = as_replacement(objects_[object], connection_.server_version() / 10000))
        send(object, *text);
}

}  // namespace pgpm::objects
