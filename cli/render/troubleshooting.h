// What to type next. Situations are recognised by error codes and SQLSTATEs, never by the server's
// words, which follow the server's language; only a quoted name is taken from a message.
#pragma once

#include <string>
#include <vector>

#include "cli/render/failure.h"

namespace pgpm::cli {

/// Sentences, the most useful first; empty if there is nothing to add.
std::vector<std::string> next_steps(const Failure& failure);

/// The first quoted name in a server message ("x", «x», »x«, „x“, 'x'), "" if there is none.
std::string quoted_name(const std::string& message);

}  // namespace pgpm::cli
