// Which modules a run takes, and in which order: by control files' `requires`, and by what plans
// require.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pgpm/resolve.h"

namespace pgpm {

/// Modules by everything they may be called; Workspace::find with a table instead of a search.
class ModuleNames {
 public:
  explicit ModuleNames(const Workspace& workspace);
  /// nullptr if no module is called that.
  const Module* find(std::string_view spelling) const;
  /// The nearest name of a module as a question ("did you mean ...?"), or "".
  std::string did_you_mean(const std::string& spelling) const;

 private:
  const Workspace& workspace_;
  std::unordered_map<std::string_view, const Module*> names_;
};

/// Order, native extensions and requested flags; the dependencies are left to change_order.
/// Problems are appended; with any of them an error the order is not complete.
std::vector<ResolvedModule> order_modules(const Workspace& workspace, const ModuleNames& names,
                                          const std::vector<std::string>& wanted, Closure closure,
                                          std::vector<Diagnostic>& problems);

}  // namespace pgpm
