// Starting other programs, never through a shell. They get the signals they would have had without
// us.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pgpm/target.h"

namespace pgpm::cli {

/// Runs a program found in PATH with its stderr discarded, and returns what it wrote to stdout;
/// nullopt if it could not be started or did not exit with 0.
std::optional<std::string> output_of(const std::vector<std::string>& words);

/// Environment variables for another program: the way to tell it a secret, since every process list
/// shows arguments.
using Variables = std::vector<std::pair<std::string, Secret>>;

/// Runs a program found in PATH, with our environment and these variables, hands over what it
/// writes to stdout as it comes, and returns its exit status (128 + N if signal N ended it). Its
/// stdin is empty, its stderr ours. Throws Error(other) if it cannot be started.
int run_program(const std::vector<std::string>& words, const Variables& variables,
                const std::function<void(std::string_view)>& output);

/// Becomes that program, with our environment and these variables. Returns only by throwing
/// Error(other).
[[noreturn]] void become(const std::vector<std::string>& words, const Variables& variables = {});

}  // namespace pgpm::cli
