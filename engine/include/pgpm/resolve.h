// Order: which modules come before which, and what every change's references mean across modules.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// What one dependency of a change means once names and tags are looked up.
struct ResolvedDependency {
  Dependency::Kind kind = Dependency::Kind::requires_change;
  std::string package;  ///< ledger name of the module the change is in
  std::string change;   ///< the change's script_name there
  bool same_module = true;
  /// False if the module is not in this workspace: only the ledger can tell whether it is deployed.
  bool known = true;
  SourceLocation where;  ///< of the reference, in the plan

  std::string to_string() const { return package + ":" + change; }  ///< as the ledger stores it
};

struct ResolvedModule {
  const Module* module = nullptr;              ///< in the workspace given to resolve()
  std::vector<std::string> native_extensions;  ///< required and not local, in written order
  /// One list per change of the plan, same index. Duplicates removed, order kept.
  std::vector<std::vector<ResolvedDependency>> dependencies;
  /// Why it is in the resolution: it was asked for, or something that was asked for requires it.
  bool requested = true;
};

struct Resolution {
  std::vector<ResolvedModule> modules;  ///< every module after the ones it requires
  std::vector<Diagnostic> warnings;

  const ResolvedModule* find_package(const std::string& package) const;
};

enum class Closure {
  with_required,  ///< the named modules and everything they require
  only_named,     ///< --no-recursive: just the named ones (still in order)
};

/// Orders `names` (any spelling; empty = every module of the workspace). The order is topological
/// by control `requires` (plus edges that plans need, with a warning each), ties in workspace
/// order; native extensions are not modules. Throws Error(configuration) carrying every problem:
/// unknown modules, unknown references (each with the nearest known name), requirements later in
/// the same plan, and cycles as their whole path. The result points into `workspace`, which must
/// outlive it.
Resolution resolve(const Workspace& workspace, const std::vector<std::string>& names,
                   Closure closure = Closure::with_required);

}  // namespace pgpm
