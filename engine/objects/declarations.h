// All that a folder declares, understood and in an order in which it can be made.
#pragma once

#include <vector>

#include "engine/objects/order.h"

namespace pgpm::objects {

struct Declarations {
  std::vector<ManagedObject> objects;
  Requirements requirements;
  CreationOrder order;
};

/// Throws Error(configuration) for what is wrong with the files, duplicates and cycles.
Declarations read_folder(const CodeFolder& folder, const Naming& naming);

}  // namespace pgpm::objects
