// The ledger's memory of what was done: runs and events, newest first. Reads only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/status.h"

namespace pgpm::registry {

/// Runs (ours only) and events (upstream's too) of the packages, or of all if there are none given.
/// Works on ledgers without a runs table and without a ledger at all.
std::vector<HistoryEntry> read_history(db::Connection& connection,
                                       const std::vector<std::string>& packages, std::size_t limit);

/// Events of one module's change, under any of these names.
std::vector<HistoryEntry> read_change_events(db::Connection& connection, const std::string& package,
                                             const std::vector<std::string>& names,
                                             std::size_t limit);

}  // namespace pgpm::registry
