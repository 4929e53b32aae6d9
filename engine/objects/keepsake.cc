#include "engine/objects/keepsake.h"

#include "engine/sql/quote.h"

namespace pgpm::objects {

namespace {

constexpr int filling_step = 4;

bool is_filled(db::Connection& connection, CatalogId id) {
  return connection
      .query("SELECT relispopulated FROM pg_catalog.pg_class WHERE oid = $1::pg_catalog.oid",
             {std::to_string(id.objid)})
      .boolean(0, 0);
}

void give_owner(db::Connection& connection, ServerCatalog& catalog, CatalogId id,
                const Rights& before) {
  const auto now = catalog.rights({id});
  const auto found = now.find(id);
  if (found == now.end() || found->second.owner == before.owner) return;
  connection.exec("ALTER " + found->second.word + " " + found->second.identity + " OWNER TO " +
                  sql::quote_identifier(before.owner));
}

void give_rights(db::Connection& connection, ServerCatalog& catalog, CatalogId id,
                 const Rights& before) {
  for (const auto& [grantor, statement] : catalog.rights_again(id, before)) {
    if (grantor.empty()) {
      catalog.run_qualified(statement);
      continue;
    }
    const std::string role = connection.exec("SELECT current_user").str(0, 0);
    connection.exec("SET LOCAL ROLE " + sql::quote_identifier(grantor));
    catalog.run_qualified(statement);
    connection.exec("SET LOCAL ROLE " + sql::quote_identifier(role));
  }
}

}  // namespace

std::map<CatalogId, Keepsake> keep(ServerCatalog& catalog, const std::vector<CatalogId>& ids) {
  std::map<CatalogId, Keepsake> kept;
  for (auto& [id, rights] : catalog.rights(ids)) kept[id].rights = std::move(rights);
  for (auto& [id, sayings] : catalog.sayings(ids)) kept[id].sayings = std::move(sayings);
  return kept;
}

void give_back(db::Connection& connection, ServerCatalog& catalog, CatalogId id,
               const Keepsake& kept, std::vector<std::string>& at_end) {
  if (kept.rights) {
    give_owner(connection, catalog, id, *kept.rights);
    give_rights(connection, catalog, id, *kept.rights);
  }
  for (const Saying& saying : kept.sayings) {
    if (!saying.column.empty() && !catalog.has_column(id, saying.column)) continue;
    const bool wants_filled = !saying.statement.ends_with("WITH NO DATA");
    if (saying.step == filling_step && is_filled(connection, id) == wants_filled) continue;
    if (saying.step == filling_step && !wants_filled) {
      at_end.push_back(saying.statement);
      continue;
    }
    catalog.run_qualified(saying.statement);
  }
}

}  // namespace pgpm::objects
