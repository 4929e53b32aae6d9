// What `--to X` means in one module's plan.
#pragma once

#include <string>

#include "pgpm/workspace.h"

namespace pgpm {

/// The reference `to` is. Throws Error(configuration) if it is none, or names another module.
ChangeRef parse_to(const Module& module, const std::string& to);

/// Index of the change `to` names in the module's plan. Throws Error(configuration) if it is no
/// reference, names another module, or is not in the plan (with the nearest known name).
std::size_t resolve_to(const Module& module, const std::string& to);

}  // namespace pgpm
