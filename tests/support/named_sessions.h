// Sessions that are told apart by their application's name.
#pragma once

#include <string>

#include "tests/support/test_database.h"

namespace pgpm::tests {

Target named(const TestDatabase& database, const std::string& application);

/// How many of that name there are. Sessions end a moment after their client has gone: waits for
/// that, a minute at most.
std::string sessions_left(TestDatabase& database, const std::string& application);

}  // namespace pgpm::tests
