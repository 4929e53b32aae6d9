// resolve() without the throw: what could be resolved, and everything that was found on the way.
#pragma once

#include <string>
#include <vector>

#include "pgpm/resolve.h"

namespace pgpm {

struct ResolutionAttempt {
  Resolution resolution;  ///< complete only if no problem is an error; its warnings are empty
  std::vector<Diagnostic> problems;  ///< errors and warnings, with their source lines
};

ResolutionAttempt attempt_resolution(const Workspace& workspace,
                                     const std::vector<std::string>& names, Closure closure);

}  // namespace pgpm
