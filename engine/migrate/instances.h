// Which lines of a plan are deployed. Trivial for a name that occurs once; a reworked name has
// several instances, of which the ledger holds the first few: superseded ones under "name@tag", the
// newest deployed one under either.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/registry/state.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// One entry per change of the module's plan: its ledger row, or nullptr if it is pending.
std::vector<const DeployedChange*> deployed_instances(const Module& module,
                                                      const RegistryState& state);

/// The next older change of the same name, if the change reworks one.
std::optional<std::size_t> former_instance(const Plan& plan, std::size_t change);

/// The row of the planned change with that script name, or nullptr if it is pending or not planned.
const DeployedChange* find_instance(const Module& module, const std::string& script_name,
                                    const RegistryState& state);

/// The row that "change", "@tag" or "change@tag" of a module outside the workspace means: its plan
/// is not here, but its tags are in the ledger. nullptr if there is none.
const DeployedChange* find_outside(const std::string& package, const std::string& reference,
                                   const RegistryState& state);

/// Ledger rows of the module that no line of its plan stands for, in deployment order.
std::vector<const DeployedChange*> unplanned_changes(const Module& module,
                                                     const RegistryState& state);

}  // namespace pgpm
