// Where the sources being tested are. In one place, so that a compiler cache serves several
// checkouts.
#pragma once

#include <string>

namespace pgpm::tests {

/// The absolute path of a file or folder of the repository: source_path("tests/compat/x.sql").
std::string source_path(const std::string& relative);

}  // namespace pgpm::tests
