#include "engine/objects/state.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/objects/server_catalog.h"
#include "schema/schema.h"

namespace pgpm::objects {

using Json = nlohmann::json;

namespace {

std::optional<ObjectKind> kind_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ObjectKind::grant); ++i)
    if (const auto kind = static_cast<ObjectKind>(i); name == object_kind_name(kind)) return kind;
  return std::nullopt;
}

struct Tables {
  bool are_there = false, have_owners = false;
  bool have_catalog_state = false;  ///< which is of use only to whom these catalogs are readable
  bool may_look_at_catalogs = false;
  bool are_ours = false;  ///< this role may alter them
};

struct Found {
  Tables tables;
  Moment moment;
  bool has_event_triggers = false;
};

Found find_tables(db::Connection& connection) {
  // Who may not read what objects need has to parse all of them, and so needs no proof either.
  // By name in the catalogs: to_regclass() is refused where USAGE on the schema is missing. The
  // catalogs named here are those that catalog_state.sql reads.
  const db::Result found = connection.exec(
      "SELECT s.now, pg_catalog.txid_snapshot_xmin(s.now),"
      " EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D'), c.oid IS NOT "
      "NULL,"
      " EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid"
      " AND a.attname = 'module'), k.oid IS NOT NULL,"
      " pg_catalog.has_table_privilege(k.oid, 'SELECT')"
      " AND pg_catalog.has_table_privilege(d.oid, 'SELECT') AND NOT EXISTS (SELECT FROM"
      " pg_catalog.unnest('{pg_attribute,pg_constraint,pg_index,pg_rewrite,pg_trigger,pg_type,"
      "pg_proc,pg_namespace,pg_aggregate,pg_enum,pg_range,pg_policy,pg_operator,pg_opclass,pg_cast,"
      "pg_collation,pg_language,pg_ts_config,pg_ts_dict,pg_class,pg_roles}'::pg_catalog.text[]) AS "
      "r"
      " WHERE NOT pg_catalog.has_table_privilege('pg_catalog.' || r, 'SELECT')),"
      " pg_catalog.pg_has_role(c.relowner, 'USAGE')"
      " FROM pg_catalog.txid_current_snapshot() AS s (now)"
      " LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'pgpm_migrate'"
      " LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relkind = 'r'"
      " AND c.relname = 'managed_objects'"
      " LEFT JOIN pg_catalog.pg_class AS k ON k.relnamespace = n.oid AND k.relkind = 'r'"
      " AND k.relname = 'catalog_state'"
      " LEFT JOIN pg_catalog.pg_class AS d ON d.relnamespace = n.oid AND d.relkind = 'r'"
      " AND d.relname = 'object_dependencies'");
  return {{found.boolean(0, 3), found.boolean(0, 4), found.boolean(0, 5), found.boolean(0, 6),
           found.boolean(0, 7)},
          {found.str(0, 0), found.str(0, 1)},
          found.boolean(0, 2)};
}

std::string object_rows_sql(const Tables& tables) {
  return std::string(
             "SELECT kind, identity, statement_hash, definition, source_file, undo, address, ") +
         (tables.have_owners ? "module" : "''") + " FROM pgpm_migrate.managed_objects";
}

constexpr const char* migration_rows_sql =
    "SELECT name, script_hash, fingerprint FROM pgpm_migrate.object_migrations";

/// A row that came with a dump was written by whoever restored it; and numbers of transactions are
/// compared as long as they have not come round half.
constexpr const char* catalog_state_sql =
    "SELECT pg_catalog.to_json(owners), pg_catalog.to_json(search_path), since, counted, digest"
    " FROM pgpm_migrate.catalog_state"
    " WHERE xmin::pg_catalog.text::pg_catalog.int8 = written_in"
    " AND pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) - since"
    " BETWEEN 0 AND 1073741824";

std::optional<CatalogState> catalog_state_of(const db::Result& rows) {
  if (rows.rows() == 0) return std::nullopt;
  return CatalogState{Json::parse(rows.text(0, 0)).get<Owners>(),
                      Json::parse(rows.text(0, 1)).get<std::vector<std::string>>(),
                      rows.str(0, 2),
                      {rows.str(0, 3), rows.str(0, 4)}};
}

Json key_json(const ObjectKey& key) {
  return {{"kind", object_kind_name(key.kind)}, {"identity", key.identity}};
}

std::string keys_json(const std::vector<ObjectKey>& keys) {
  Json rows = Json::array();
  for (const ObjectKey& key : keys) rows.push_back(key_json(key));
  return rows.dump();
}

}  // namespace

std::string owner_name(const std::string& owner) {
  return owner.empty() ? "`pgpm objects`" : "module " + owner;
}

StoredAddress::StoredAddress(const Address& address) : json_(address_json(address)) {}

const Address& StoredAddress::get() const {
  if (!read_) read_ = address_from_json(json_);
  return *read_;
}

ObjectState read_state(db::Connection& connection, const Owners& owners) {
  ObjectState state;
  const auto [tables, moment, has_event_triggers] = find_tables(connection);
  state.installed = tables.are_there;
  state.read_at = moment;
  state.has_event_triggers = has_event_triggers;
  if (!state.installed) return state;
  // The state of the catalogs first: if it holds afterwards, it holds for these rows.
  const bool looks = tables.may_look_at_catalogs;
  const std::vector<db::Result> results =
      connection.exec_all((looks ? std::string(catalog_state_sql) + ";" : std::string()) +
                          object_rows_sql(tables) + ";" + migration_rows_sql);
  if (looks) state.catalog = catalog_state_of(results.front());
  const db::Result& rows = results[looks ? 1 : 0];
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto kind = kind_named(rows.text(row, 0));
    if (!kind) continue;
    StoredObjects& objects = owners.contains(rows.str(row, 7)) ? state.objects : state.others;
    objects[{*kind, rows.str(row, 1)}] = {rows.str(row, 2),
                                          rows.str(row, 3),
                                          rows.str(row, 4),
                                          rows.str(row, 5),
                                          StoredAddress(rows.str(row, 6)),
                                          rows.str(row, 7)};
  }
  const db::Result& ran = results.back();
  for (std::size_t row = 0; row < ran.rows(); ++row)
    state.migrations[ran.str(row, 0)] = {ran.str(row, 1), ran.str(row, 2)};
  return state;
}

void install_state(db::Connection& connection) {
  const Tables tables = find_tables(connection).tables;
  // A state of the catalogs saves time, no more: whoever may not make its table does without.
  if (tables.have_owners && (tables.have_catalog_state || !tables.are_ours)) return;
  const std::string path =
      connection.exec("SELECT pg_catalog.current_setting('search_path')").str(0, 0);
  connection.exec("SET LOCAL search_path TO pg_catalog, pg_temp");
  if (tables.are_there && !tables.have_owners)
    connection.exec(schema::registry_upgrade_002_managed_objects);
  connection.exec(schema::objects_state);
  connection.query("SELECT pg_catalog.set_config('search_path', $1, true)", {path});
}

void record_migration(db::Connection& connection, const std::string& name,
                      const StoredMigration& migration) {
  connection.query(
      "INSERT INTO pgpm_migrate.object_migrations (name, script_hash, fingerprint)"
      " VALUES ($1, $2, $3)",
      {name, migration.script_hash, migration.fingerprint});
}

void record_objects(db::Connection& connection,
                    const std::vector<std::pair<ObjectKey, StoredObject>>& objects) {
  if (objects.empty()) return;
  Json rows = Json::array();
  for (const auto& [key, object] : objects) {
    Json row = key_json(key);
    row["statement_hash"] = object.statement_hash;
    row["definition"] = object.definition;
    row["source_file"] = object.file;
    row["undo"] = object.undo;
    row["module"] = object.owner;
    row["address"] = Json::parse(object.address.json());
    rows.push_back(std::move(row));
  }
  connection.query(
      "INSERT INTO pgpm_migrate.managed_objects"
      " (kind, identity, statement_hash, definition, source_file, undo, address, module)"
      " SELECT kind, identity, statement_hash, definition, source_file, undo, address, module"
      " FROM pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text,"
      " statement_hash text, definition text, source_file text, undo text,"
      " address pg_catalog.jsonb, module text)"
      " ON CONFLICT (kind, identity) DO UPDATE SET statement_hash = excluded.statement_hash,"
      " definition = excluded.definition, source_file = excluded.source_file,"
      " undo = excluded.undo, address = excluded.address, module = excluded.module,"
      " applied_at = clock_timestamp(),"
      " applied_by = SESSION_USER",
      {rows.dump()});
}

void record_dependencies(db::Connection& connection, const std::vector<ObjectKey>& dependents,
                         const std::vector<StoredDependency>& dependencies) {
  if (dependents.empty()) return;
  Json needs = Json::array();
  for (const StoredDependency& need : dependencies)
    needs.push_back({{"dependent_kind", object_kind_name(need.dependent.kind)},
                     {"dependent", need.dependent.identity},
                     {"required_kind", object_kind_name(need.required.kind)},
                     {"required", need.required.identity},
                     {"strength", need.late ? "late" : "early"}});
  connection.query(
      "DELETE FROM pgpm_migrate.object_dependencies AS d"
      " USING pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text)"
      " WHERE d.dependent_kind = o.kind AND d.dependent = o.identity",
      {keys_json(dependents)});
  connection.query(
      "INSERT INTO pgpm_migrate.object_dependencies"
      " SELECT * FROM pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS n (dependent_kind"
      " text, dependent text, required_kind text, required text, strength text)",
      {needs.dump()});
}

std::set<std::pair<ObjectKey, ObjectKey>> early_dependencies(
    db::Connection& connection, const std::vector<ObjectKey>& dependents) {
  std::set<std::pair<ObjectKey, ObjectKey>> found;
  if (dependents.empty()) return found;
  const db::Result rows = connection.query(
      "SELECT d.dependent_kind, d.dependent, d.required_kind, d.required"
      " FROM pgpm_migrate.object_dependencies AS d"
      " JOIN pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text)"
      " ON d.dependent_kind = o.kind AND d.dependent = o.identity WHERE d.strength = 'early'",
      {keys_json(dependents)});
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto dependent = kind_named(rows.text(row, 0)), required = kind_named(rows.text(row, 2));
    if (dependent && required)
      found.insert({{*dependent, rows.str(row, 1)}, {*required, rows.str(row, 3)}});
  }
  return found;
}

void record_definitions(db::Connection& connection,
                        const std::vector<std::pair<ObjectKey, std::string>>& definitions) {
  if (definitions.empty()) return;
  Json rows = Json::array();
  for (const auto& [key, definition] : definitions) {
    rows.push_back(key_json(key));
    rows.back()["definition"] = definition;
  }
  connection.query(
      "UPDATE pgpm_migrate.managed_objects AS m SET definition = o.definition"
      " FROM pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text,"
      " definition text) WHERE m.kind = o.kind AND m.identity = o.identity",
      {rows.dump()});
}

void forget_objects(db::Connection& connection, const std::vector<ObjectKey>& keys) {
  if (keys.empty()) return;
  connection.query(
      "DELETE FROM pgpm_migrate.managed_objects AS m"
      " USING pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text)"
      " WHERE m.kind = o.kind AND m.identity = o.identity",
      {keys_json(keys)});
}

}  // namespace pgpm::objects
