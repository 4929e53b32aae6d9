// Starting other programs, never through a shell. They get the signals they would have had without
// us.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pgpm::cli {

/// Runs a program found in PATH with its stderr discarded, and returns what it wrote to stdout;
/// nullopt if it could not be started or did not exit with 0.
std::optional<std::string> output_of(const std::vector<std::string>& words);

/// Becomes that program. Returns only by throwing Error(other).
[[noreturn]] void become(const std::vector<std::string>& words);

}  // namespace pgpm::cli
