// What the references of every change mean across modules. Inside a module the plan's order is the
// order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/resolve/module_order.h"
#include "engine/workspace/own_reference.h"
#include "pgpm/resolve.h"

namespace pgpm {

/// A reference looked up, or why it means nothing.
struct LookedUp {
  std::optional<ResolvedDependency> dependency;
  std::string message, hint;
};

/// Looks up references of one module.
class ReferenceLookup {
 public:
  ReferenceLookup(const Module& module, const ModuleNames& names)
      : module_(module), names_(names) {}

  /// `dependency` of the change at index `at` of the module's plan.
  LookedUp look_up(const Dependency& dependency, std::size_t at);

 private:
  LookedUp in_own_plan(const Dependency& dependency, std::size_t at);
  LookedUp in_other_plan(const Dependency& dependency, const Module& other);

  const Module& module_;
  const ModuleNames& names_;
  NearestBudget budget_;
};

/// Fills `module.dependencies`. Problems are appended: what cannot be resolved is an error, what
/// only the ledger can tell a warning.
void resolve_changes(ResolvedModule& module, const ModuleNames& names,
                     std::vector<Diagnostic>& problems);

}  // namespace pgpm
