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

/// Runs a program found in PATH with our own three streams and waits; its exit status, 127 if it
/// could not be started, 128 and the signal's number if one ended it.
int run_program(const std::vector<std::string>& words);

/// What a program that was started and waited for has said. stdin is empty.
struct ProgramOutput {
  int status = 127;  ///< as run_program()
  std::string out, err;
};
/// `dir` is where it runs, "" = here.
ProgramOutput run_quietly(const std::vector<std::string>& words, const std::string& dir = {});

/// Becomes that program. Returns only by throwing Error(other).
[[noreturn]] void become(const std::vector<std::string>& words);

}  // namespace pgpm::cli
