// Decides what a revert does: files and ledger in, worklist out. Pure apart from reading scripts;
// sends nothing. The ledger alone says what goes and in which order; plans are only asked where
// --to is and what scripts are called.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/registry/state.h"
#include "pgpm/revert.h"
#include "pgpm/worklist.h"

namespace pgpm {

/// `modules` are those the user named; dependants may be in any module of the workspace. Throws
/// Error with every problem: unknown --to (configuration), missing or irreversible revert scripts,
/// dependants (refused).
/// `objects` are those that are recorded, by package, as what would be removed.
Worklist decide_revert(const Workspace& workspace, const std::vector<const Module*>& modules,
                       const RegistryState& state, const RevertOptions& options,
                       const std::map<std::string, std::vector<ObjectChange>>& objects = {});

}  // namespace pgpm
