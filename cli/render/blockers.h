// Sessions that are in the way, in words.
#pragma once

#include <string>
#include <vector>

#include "pgpm/event.h"

namespace pgpm::cli {

/// "pid 4711, user app, application shop, idle in transaction for 12.0 s: SELECT 1". Printable.
std::string show_blocker(const Blocker& blocker);
/// A line for each, behind `indent`.
std::string show_blockers(const std::vector<Blocker>& blockers, const std::string& indent);
/// "app:users did not get a lock (attempt 3, 2.1 s so far); again in 0.4 s". One line.
std::string show_miss(const LockMissed& miss);
/// "pid 4711 (app): its session was ended". One line.
std::string show_eviction(const BlockerEvicted& eviction);

}  // namespace pgpm::cli
