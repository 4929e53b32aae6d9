// A connection that is lost during a COMMIT leaves us without an answer: the server may have done
// it or not. The ledger knows, because a change and its row commit together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "engine/migrate/prepared_run.h"

namespace pgpm {

/// What of a run is durable, by the ledger.
struct Settled {
  std::vector<std::string> modules;  ///< with at least one change, in the run's order
  std::size_t changes = 0;           ///< deployed, or reverted
  std::size_t all = 0;               ///< of the run
};

/// What the ledger says about the run's changes.
Settled settled_by(const RegistryState& state, const PreparedRun& run);

/// Connects anew, waits until nobody works for the lost session any more (its run lock is free),
/// and reads the ledger. Nothing if that cannot be had within a few seconds; never throws.
std::optional<Settled> ask_ledger(db::Connection& lost, const PreparedRun& run);

}  // namespace pgpm
