#include "engine/objects/catalog_state.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/objects/recorded.h"
#include "schema/schema.h"

namespace pgpm::objects {

namespace {

using Json = nlohmann::json;

CatalogCount count_rows(ServerCatalog& catalog, const std::string& since) {
  // The server compares numbers of 32 bits, as rows have them.
  const std::string number = std::to_string(std::stoull(since) & 0xFFFFFFFFULL);
  const db::Result counted = catalog.ask(schema::objects_catalog_state, {number});
  return {counted.str(0, 0), counted.str(0, 1)};
}

/// Nobody who may not write it is told: it saves time, no more.
bool may_record(db::Connection& connection) {
  return connection
      .exec(
          "SELECT coalesce(pg_catalog.bool_and(pg_catalog.has_table_privilege(c.oid, w.privilege)),"
          " false) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
          " ON n.oid = c.relnamespace CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'))"
          " AS w (privilege) WHERE n.nspname = 'pgpm_migrate' AND c.relname = 'catalog_state'")
      .boolean(0, 0);
}

bool have_others_committed(ServerCatalog& catalog, const Moment& since) {
  return catalog.ask(schema::objects_others_committed, {since.snapshot}).boolean(0, 0);
}

/// Without those that have an object that is not as recorded.
Owners look_at_owners(db::Connection& connection, ServerCatalog& catalog, Owners owners) {
  const StoredObjects objects = read_state(connection, owners).objects;
  for (const RecordedObject& object :
       look_at_recorded(catalog, objects, connection.server_version() / 10000))
    if (object.condition != RecordedObject::Condition::as_recorded)
      owners.erase(object.stored.owner);
  return owners;
}

void write(db::Connection& connection, const CatalogState& state) {
  connection.query(
      "INSERT INTO pgpm_migrate.catalog_state AS s"
      " (owners, search_path, since, counted, digest, written_in)"
      " SELECT ARRAY(SELECT pg_catalog.jsonb_array_elements_text($1::pg_catalog.jsonb)),"
      " ARRAY(SELECT pg_catalog.jsonb_array_elements_text($2::pg_catalog.jsonb)),"
      " $3::pg_catalog.int8, $4::pg_catalog.numeric, $5::pg_catalog.numeric, 0"
      " ON CONFLICT (one_row) DO UPDATE SET owners = excluded.owners,"
      " search_path = excluded.search_path, since = excluded.since, counted = excluded.counted,"
      " digest = excluded.digest, written_in = excluded.written_in",
      {Json(state.owners).dump(), Json(state.search_path).dump(), state.since, state.count.rows,
       state.count.digest});
  // A savepoint that a script left open has a number of its own, which only the row tells.
  connection.exec(
      "UPDATE pgpm_migrate.catalog_state SET written_in = xmin::pg_catalog.text::pg_catalog.int8");
}

}  // namespace

bool may_be_proven(const ServerCatalog& catalog, const ObjectState& state) {
  const bool is_worth_it = state.objects.size() + state.others.size() >= worth_counting;
  return state.catalog && is_worth_it && state.catalog->search_path == catalog.search_path();
}

Owners proven_owners(ServerCatalog& catalog, const ObjectState& state) {
  if (!may_be_proven(catalog, state)) return {};
  if (count_rows(catalog, state.catalog->since) != state.catalog->count) return {};
  return state.catalog->owners;
}

Moment moment_now(db::Connection& connection) {
  const db::Result now = connection.exec(
      "SELECT s.now, pg_catalog.txid_snapshot_xmin(s.now)"
      " FROM pg_catalog.txid_current_snapshot() AS s (now)");
  return {now.str(0, 0), now.str(0, 1)};
}

void record_catalog_state(db::Connection& connection, ServerCatalog& catalog, Owners owners,
                          const std::optional<Moment>& known_at) {
  if (owners.empty() || !may_record(connection)) return;
  const Moment from = known_at ? *known_at : moment_now(connection);
  CatalogState state{{}, catalog.search_path(), from.oldest, count_rows(catalog, from.oldest)};
  if (!known_at || have_others_committed(catalog, from)) {
    owners = look_at_owners(connection, catalog, std::move(owners));
    // What somebody commits while they are looked at is seen of some, and not of others.
    if (owners.empty() || count_rows(catalog, state.since) != state.count) return;
  }
  state.owners = std::move(owners);
  write(connection, state);
}

}  // namespace pgpm::objects
