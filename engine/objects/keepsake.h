// What is kept of an object that is dropped, so that it comes back as it was: owner, rights,
// comments, labels, switches, whether it holds rows. Its definition is not among it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/objects/server_catalog.h"

namespace pgpm::objects {

struct Keepsake {
  std::optional<Rights> rights;
  std::vector<Saying> sayings;
};

/// Before they go.
std::map<CatalogId, Keepsake> keep(ServerCatalog& catalog, const std::vector<CatalogId>& ids);

/// Gives an object that was made again what was kept. Columns that are gone take with them what was
/// said about them. A materialized view that held no rows is emptied by statements appended to
/// `at_end`: until then others that are made from it can read it.
void give_back(db::Connection& connection, ServerCatalog& catalog, CatalogId id,
               const Keepsake& kept, std::vector<std::string>& at_end);

}  // namespace pgpm::objects
