// A project that a database cannot hold: its encoding lacks a character of one of the files.
#pragma once

#include <string>

#include "pgpm/session.h"

namespace pgpm {

/// In a handler of `failure`: throws it again. What the server says of such a character (22P05)
/// tells its bytes and not where they are: it becomes an Error(configuration) with the place in the
/// project's files.
[[noreturn]] void rethrow_located(const Error& failure, const SessionProject& project,
                                  const std::string& encoding);

}  // namespace pgpm
