// What the three standard streams are, and asking the person behind them. Prompts go to stderr and
// are only possible if stdin and stderr are both a terminal.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "cli/environment.h"
#include "cli/output.h"
#include "cli/style.h"

namespace pgpm::cli {

enum class ColourChoice { automatic, always, never };

struct Terminal {
  bool can_ask = false;         ///< stdin and stderr are terminals
  bool shows_progress = false;  ///< stderr is one that can move its cursor
  Style out, err;               ///< how to write on each
};

/// Looks at the streams. NO_COLOR and TERM=dumb count unless the choice is explicit.
Terminal look_at_terminal(const Environment& environment, ColourChoice choice);

/// Prints the question on stderr and reads a line. nullopt at end of input.
/// Throws Error(interrupted) if a stop is requested while waiting.
std::optional<std::string> ask(Output& err, const std::string& question, std::stop_token stop);
/// The same for a secret: what is typed is not shown.
std::optional<std::string> ask_secret(Output& err, const std::string& question,
                                      std::stop_token stop);
/// A yes/no question; anything but y/yes is no.
bool confirm(Output& err, const std::string& question, std::stop_token stop);

}  // namespace pgpm::cli
