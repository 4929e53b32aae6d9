// Commands that act on the ledger itself: migrate init, baseline, accept.
#pragma once

#include "pgpm/deploy.h"

namespace pgpm {

/// Creates the ledger or upgrades it to this version. Returns whether anything had to be done.
bool init_ledger(const Target& target, const RunOptions& options, Observer& observer,
                 std::stop_token stop);

/// Records the new hash (and fingerprint) of edited changes. `changes` empty = every edited one.
/// Returns what was accepted as "package:change". Throws Error(configuration) for a change that is
/// not deployed or not known.
std::vector<std::string> accept_edits(const Workspace& workspace, const Target& target,
                                      const std::vector<std::string>& modules,
                                      const std::vector<std::string>& changes,
                                      const RunOptions& options, Observer& observer,
                                      std::stop_token stop);

/// The SQL that records every planned change as deployed (upstream's `migrate baseline
/// --emit-ledger`): CALLs of pgpm_migrate.deploy with log-only, in order, in one transaction.
std::string baseline_sql(const Workspace& workspace, const std::vector<std::string>& modules);

}  // namespace pgpm
