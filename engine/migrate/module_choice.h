// From what a user typed to modules, and from a workspace with mistakes to an error that shows
// them.
#pragma once

#include <string>
#include <vector>

#include "pgpm/resolve.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// The named modules, or all of the workspace if there are no names. Throws Error(configuration)
/// for an unknown name (with the nearest known one) and for mistakes in the files of a module that
/// is chosen.
std::vector<const Module*> choose_modules(const Workspace& workspace,
                                          const std::vector<std::string>& names);

/// Throws Error(configuration) with every error of the workspace's files, if there is one.
void require_sound(const Workspace& workspace);

/// The packages of a resolution, in order.
std::vector<std::string> packages_of(const Resolution& resolution);

}  // namespace pgpm
