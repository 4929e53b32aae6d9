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

enum class Tables { absent, without_owners, current };

Tables find_tables(db::Connection& connection) {
  // By name in the catalogs: to_regclass() is refused where USAGE on the schema is missing.
  const db::Result found = connection.exec(
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid"
      " AND a.attname = 'module') FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
      " ON n.oid = c.relnamespace WHERE n.nspname = 'pgpm_migrate'"
      " AND c.relname = 'managed_objects' AND c.relkind = 'r'");
  if (found.rows() == 0) return Tables::absent;
  return found.boolean(0, 0) ? Tables::current : Tables::without_owners;
}

std::string owner_column(Tables tables) {
  return tables == Tables::current ? "module" : "''";
}

Json key_json(const ObjectKey& key) {
  return {{"kind", object_kind_name(key.kind)}, {"identity", key.identity}};
}

}  // namespace

std::string owner_name(const std::string& owner) {
  return owner.empty() ? "`pgpm objects`" : "module " + owner;
}

ObjectState read_state(db::Connection& connection, const Owners& owners) {
  ObjectState state;
  const Tables tables = find_tables(connection);
  state.installed = tables != Tables::absent;
  if (!state.installed) return state;
  const db::Result rows = connection.exec(
      "SELECT kind, identity, statement_hash, definition, source_file, undo, address, " +
      owner_column(tables) + " FROM pgpm_migrate.managed_objects");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto kind = kind_named(rows.text(row, 0));
    if (!kind) continue;
    StoredObjects& objects = owners.contains(rows.str(row, 7)) ? state.objects : state.others;
    objects[{*kind, rows.str(row, 1)}] = {rows.str(row, 2),
                                          rows.str(row, 3),
                                          rows.str(row, 4),
                                          rows.str(row, 5),
                                          address_from_json(rows.str(row, 6)),
                                          rows.str(row, 7)};
  }
  const db::Result ran =
      connection.exec("SELECT name, script_hash, fingerprint FROM pgpm_migrate.object_migrations");
  for (std::size_t row = 0; row < ran.rows(); ++row)
    state.migrations[ran.str(row, 0)] = {ran.str(row, 1), ran.str(row, 2)};
  return state;
}

void install_state(db::Connection& connection) {
  const Tables tables = find_tables(connection);
  if (tables == Tables::current) return;
  const std::string path =
      connection.exec("SELECT pg_catalog.current_setting('search_path')").str(0, 0);
  connection.exec("SET LOCAL search_path TO pg_catalog, pg_temp");
  if (tables == Tables::without_owners)
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
                    const std::vector<std::pair<ObjectKey, StoredObject>>& objects,
                    const std::vector<StoredDependency>& dependencies) {
  if (objects.empty()) return;
  Json rows = Json::array(), needs = Json::array();
  for (const auto& [key, object] : objects) {
    Json row = key_json(key);
    row["statement_hash"] = object.statement_hash;
    row["definition"] = object.definition;
    row["source_file"] = object.file;
    row["undo"] = object.undo;
    row["module"] = object.owner;
    row["address"] = Json::parse(address_json(object.address));
    rows.push_back(std::move(row));
  }
  for (const StoredDependency& need : dependencies)
    needs.push_back({{"dependent_kind", object_kind_name(need.dependent.kind)},
                     {"dependent", need.dependent.identity},
                     {"required_kind", object_kind_name(need.required.kind)},
                     {"required", need.required.identity},
                     {"strength", need.late ? "late" : "early"}});
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
  connection.query(
      "DELETE FROM pgpm_migrate.object_dependencies AS d"
      " USING pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text)"
      " WHERE d.dependent_kind = o.kind AND d.dependent = o.identity",
      {rows.dump()});
  connection.query(
      "INSERT INTO pgpm_migrate.object_dependencies"
      " SELECT * FROM pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS n (dependent_kind"
      " text, dependent text, required_kind text, required text, strength text)",
      {needs.dump()});
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
  Json rows = Json::array();
  for (const ObjectKey& key : keys) rows.push_back(key_json(key));
  connection.query(
      "DELETE FROM pgpm_migrate.managed_objects AS m"
      " USING pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) AS o (kind text, identity text)"
      " WHERE m.kind = o.kind AND m.identity = o.identity",
      {rows.dump()});
}

}  // namespace pgpm::objects
