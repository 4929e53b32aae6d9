// What the files say against what was applied last. Pure: nothing is asked, nothing is done.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/objects/dependencies.h"
#include "engine/objects/state.h"

namespace pgpm::objects {

struct ObjectChangeset {
  std::vector<std::size_t> added, modified;  ///< indices of declarations
  std::vector<ObjectKey> removed;            ///< in the state, declared no more
  bool empty() const { return added.empty() && modified.empty() && removed.empty(); }
};

ObjectChangeset compare(const std::vector<ManagedObject>& objects, const ObjectState& state);

/// Throws Error(refused) if something is declared that another owner has applied.
void refuse_objects_of_others(const std::vector<ManagedObject>& objects, const ObjectState& state);

/// Throws Error(refused) if something is removed that declarations still name.
void refuse_needed_removals(const ObjectChangeset& changes,
                            const std::vector<ManagedObject>& objects, const Naming& naming,
                            const ObjectState& state);

}  // namespace pgpm::objects
