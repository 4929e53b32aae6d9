// The plan line of a change that is about to be appended, its references in the form that upstream
// and Sqitch read, too.
#pragma once

#include <string>
#include <vector>

#include "pgpm/authoring.h"

namespace pgpm {

struct ChangeLine {
  std::string text;
  std::vector<std::string> dependencies;  ///< as they stand in the line, conflicts with their '!'
};

/// `first` goes in front of the change's own requirements, as it is. Throws Error(configuration)
/// for a requirement that this workspace knows not to be there; what only a ledger can tell is
/// taken.
ChangeLine new_change_line(const Workspace& workspace, const Module& module, const Plan& plan,
                           const NewChange& change, const Authorship& by,
                           std::vector<std::string> first = {});

}  // namespace pgpm
