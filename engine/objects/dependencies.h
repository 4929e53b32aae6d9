// Which declaration needs which, from what they name. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/objects/declare.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

struct Requirement {
  std::size_t object = 0;  ///< index of the declaration that is needed
  /// It need not be there when the other is made: only a body names it, or it is one of several
  /// that may be meant.
  bool late = false;
  auto operator<=>(const Requirement&) const = default;
};
/// For each declaration what it needs, sorted, each once.
using Requirements = std::vector<std::vector<Requirement>>;

Requirements find_requirements(const std::vector<ManagedObject>& objects, const Naming& naming);

/// Declarations that name an object which is at `address` and is declared no more, with nothing
/// else of that name in its place.
std::vector<std::size_t> who_names(const std::vector<ManagedObject>& objects, const Naming& naming,
                                   const Address& address);

}  // namespace pgpm::objects
