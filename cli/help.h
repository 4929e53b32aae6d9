// Help for people, from the command table. Manual pages, JSON and completions are in manual.h and
// completion.h.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/style.h"

namespace pgpm::cli {

std::string version_text();
/// All commands by group, one line each.
std::string overview(const Style& style);
/// One command: synopsis, description, options, examples.
std::string command_help(const Command& command, const Style& style);
/// The commands below "migrate" and the like.
std::string group_help(const std::string& word, const Style& style);
std::string exit_codes_help(const Style& style);
/// Whichever of these a command line without a runnable command asks for.
std::string help_for(const CommandLine& line, const Style& style);

/// "pgpm deploy [MODULE...] [options]".
std::string synopsis(const Command& command);
/// "-d, --database NAME", "--no-verify", "--tx MODE, --no-tx".
std::string option_heading(const Option& option);

}  // namespace pgpm::cli
