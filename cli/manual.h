// The command table in forms that are not read at a prompt: manual page (roff), JSON, the README's
// table.
#pragma once

#include <string>

namespace pgpm::cli {

/// pgpm(1), for man -l.
std::string manual_page();
/// All commands with their options, examples and exit codes.
std::string help_json();
/// A Markdown table of the commands, and one of the exit codes.
std::string commands_markdown();
std::string exit_codes_markdown();

}  // namespace pgpm::cli
