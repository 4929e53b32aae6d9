// What files and database say of the managed objects of modules, before a run decides: a folder
// objects/ makes a module have some, or that the ledger has recorded some of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/objects/module_objects.h"
#include "engine/registry/state.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// By package; modules without any have no entry.
using ObjectFacts = std::map<std::string, objects::ModuleObjects>;

/// Costs nothing but a look for the folder where there are no objects. Throws like
/// apply_objects().
ObjectFacts read_object_facts(db::Connection& connection, const std::vector<const Module*>& modules,
                              const RegistryState& state);

/// The same for a database that is still to be made.
ObjectFacts foresee_object_facts(db::Connection& connection,
                                 const std::vector<const Module*>& modules);

/// Recorded objects of these modules that are gone or were changed since, each an error at its
/// declaration.
std::vector<Diagnostic> find_object_drift(db::Connection& connection,
                                          const std::vector<const Module*>& modules,
                                          const RegistryState& state);

}  // namespace pgpm
