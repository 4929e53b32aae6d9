// Runs built by hand, for renderers to show.
#pragma once

#include <vector>

#include "pgpm/error.h"
#include "pgpm/event.h"

namespace pgpm::tests {

/// Two modules deployed: an extension, notices, a warning, a skipped change.
std::vector<Event> deploy_that_goes_through();
/// The second change of the second module fails; with syntax_error() as its error.
std::vector<Event> deploy_that_fails();
Error syntax_error();
/// Three changes, one fails.
std::vector<Event> verify_that_fails();
std::vector<Event> revert_of_one();
/// A full cycle: a step that passes, one that fails in a script with markup in its message, one
/// that fails without a place, one that is skipped.
std::vector<Event> cycle_that_fails();
/// Everything is deployed already.
std::vector<Event> deploy_of_nothing();

}  // namespace pgpm::tests
