// In which order declarations can be made. Pure.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "engine/objects/dependencies.h"

namespace pgpm::objects {

struct CreationOrder {
  std::vector<std::size_t> sequence;  ///< indices of declarations, what is needed first
  /// Made before something their bodies name: the bodies are checked at the end.
  std::set<std::size_t> before_bodies;
};

/// Ties keep the order of files. Throws Error(configuration) for a cycle, with its way round.
CreationOrder order_objects(const std::vector<ManagedObject>& objects,
                            const Requirements& requirements);

}  // namespace pgpm::objects
