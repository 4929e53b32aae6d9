// Where declarations that come from a database are written: a folder for the kind, one for the
// schema where there are several, and a file name that every system takes. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// "views/app/names.sql", in the order of `objects`, each once even where case is not told apart.
/// A routine or operator has its types in the name if another one is called like it.
std::vector<std::string> declaration_paths(const std::vector<const ManagedObject*>& objects);

}  // namespace pgpm::objects
