// What differs between two catalogs, as people read it: one object a line, and below it what
// differs about it. Texts of several lines (function bodies, view definitions) are shown by their
// differing lines.
#pragma once

#include <string>
#include <vector>

#include "cli/style.h"
#include "pgpm/catalog.h"

namespace pgpm::cli {

/// "  + table app.users", "  - ...", "  ~ ..." with its facts; each line starts with `indent`. An
/// object that is on one side only is shown without its facts.
std::string show_difference(const ObjectDifference& difference, const Style& style,
                            const std::string& indent = "  ");
/// All of them, parts of objects that came or went as a whole left out. `most` limits how many;
/// what is left out is counted.
std::string show_differences(const std::vector<ObjectDifference>& differences, const Style& style,
                             std::size_t most = static_cast<std::size_t>(-1),
                             const std::string& indent = "  ");

}  // namespace pgpm::cli
