// Statements that stand in the files as they were applied: what they declare is recorded, and they
// need not be parsed again before somebody has to know more about them. Of two thousand files that
// are looked at because one was saved, all but one are so.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/objects/managed_object.h"
#include "engine/objects/state.h"

namespace pgpm::objects {

class KnownStatements {
 public:
  KnownStatements() = default;
  explicit KnownStatements(const StoredObjects& objects);

  /// Makes the object one that was not parsed, with the name that is recorded of its statement;
  /// false if nothing is.
  bool name(ManagedObject& object) const;
  /// Gives those that were not parsed their addresses, if others may mean them.
  void place_named(std::vector<ManagedObject>& objects) const;

 private:
  struct Known {
    ObjectKey key;
    std::string undo, address;
    bool is_single = true;
  };
  std::unordered_map<std::string, Known> by_place_;  ///< file, NUL, fingerprint
};

}  // namespace pgpm::objects
