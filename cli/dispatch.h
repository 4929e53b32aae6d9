// From argv to an exit status: finds the command, opens the renderers, runs it, shows what went
// wrong.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace pgpm::cli {

/// `words` is argv without the program's name. Only failures to tell about a failure escape.
int dispatch(const std::vector<std::string>& words, std::stop_token stop);

/// Everything typed, with connection strings and passwords blanked: recorded in the ledger.
std::string command_line_without_secrets(const std::vector<std::string>& words);

}  // namespace pgpm::cli
