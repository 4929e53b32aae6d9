// What the headers of deploy scripts say a plan should be. Reads files; writes none.
#pragma once

#include <string>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

struct ScriptNeeds {
  std::string change;  ///< path below deploy/ without ".sql"
  bool has_header = false;
  std::vector<std::string> requires_changes;  ///< own ones without the module's name
};

/// Every deploy script of the module but those of reworked instances ("name@tag"), by name. Throws
/// Error(configuration) for a header that names another change or project, and for a file whose
/// name is no change name.
std::vector<ScriptNeeds> read_script_needs(const Module& module);

}  // namespace pgpm
