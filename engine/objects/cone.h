// Everything that has to go before some objects can go, in the order it can go. Pure.
#pragma once

#include <set>
#include <vector>

#include "engine/objects/server_catalog.h"

namespace pgpm::objects {

struct ConeUnit {
  CatalogId id;
  /// It would go along by itself: a trigger of a view, an index of a materialized view.
  bool belongs = false;
};

/// `edges` reach from the seeds to all that needs them. What needs others comes first. Row types
/// and the like are no units: they are their owners.
std::vector<ConeUnit> cone_of(const std::vector<CatalogId>& seeds,
                              const std::vector<CatalogEdge>& edges);

}  // namespace pgpm::objects
