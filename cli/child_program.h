// Programs that do a part of a command's work: npm and git, whose words are ours to pass on, and an
// editor, which has the terminal to itself. Never through a shell.
#pragma once

#include <string>
#include <vector>

namespace pgpm::cli {

/// What a program that was started and waited for has said. stdin was empty.
struct ProgramOutput {
  int status = 127;  ///< exit status; 127 if it could not be started, 128 + N if signal N ended it
  std::string out, err;
};
ProgramOutput run_quietly(const std::vector<std::string>& words);

/// With our own three streams; its exit status as above.
int run_in_terminal(const std::vector<std::string>& words);

}  // namespace pgpm::cli
