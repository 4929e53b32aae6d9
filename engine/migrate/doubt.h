// What became of COMMITs whose answers were lost with the connection: the ledger knows, since each
// change's row is committed together with the change.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm {

/// What of a run is committed, as the ledger says.
struct Standing {
  std::size_t changes = 0;
  std::vector<std::string> modules;  ///< in the order of the run
};

/// Asks over a session of its own, as soon as the server has ended the lost one: until then it may
/// still commit. Waits for a server that restarts. nullopt if there is no certain answer within
/// some seconds, or when stopped. Never throws.
std::optional<Standing> ask_what_stands(db::Connection& lost, long run_id);

}  // namespace pgpm
