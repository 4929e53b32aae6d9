// Which change is to blame for what a revert left behind, lost or altered. A catalog does not know
// who made an object; the scripts that name it do. Pure, but for reading scripts.
#pragma once

#include <vector>

#include "pgpm/catalog.h"
#include "pgpm/error.h"
#include "pgpm/resolve.h"

namespace pgpm::proof {

/// One finding a difference: in the revert script of the first change whose deploy script names the
/// object (the last one, if it was altered), at the statement that names it too, else at its first
/// line. Of an object that no deploy script names, in the plan of the last module.
std::vector<Diagnostic> left_behind_findings(const Resolution& resolution,
                                             const std::vector<ObjectDifference>& differences);

/// The same for what a second deploy made differently, in the deploy scripts themselves.
std::vector<Diagnostic> made_differently_findings(const Resolution& resolution,
                                                  const std::vector<ObjectDifference>& differences);

/// Whether some deploy script of the resolution creates the extension (quoted as an identifier, if
/// need be) by a statement of its own.
bool creates_extension(const Resolution& resolution, const std::string& extension);

}  // namespace pgpm::proof
