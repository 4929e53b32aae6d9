// pgpm prove: does each change's revert script restore what its deploy script found, and does the
// deploy script then do the same again?
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/catalog.h"
#include "pgpm/deploy.h"
#include "pgpm/observer.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// `strict` makes a verify script that proves nothing (it passes without its change) a failure;
/// the run lock's options have no meaning in a database nobody else knows of.
struct ProveOptions : RunOptions {
  std::vector<std::string> modules;  ///< any spelling; empty = all of the workspace
  std::string to;  ///< change reference, "" = the end of the plan; needs exactly one module
  /// Roles and what else belongs to the whole server count only where nobody else changes them.
  ClusterObjects cluster = ClusterObjects::leave_out;
};

/// Proves every change of the modules and of those they require, in order, in a database that is
/// made on `server` for it and dropped afterwards, however the run ends. `server` names no
/// database, or one that is only connected to while that database is made.
///
/// For each change: deploy, revert, compare with before, deploy again, compare with the first time.
/// The verdicts come as CheckFinished of kind proof, named after the change: passed (restored);
/// skipped (declared irreversible, or not reached because an earlier change could not be deployed);
/// failed with code proof_failed (not restored, or different the second time; `differences` tells
/// how), sql (a script failed), script_missing (no revert script), verification_failed or
/// configuration (a revert script that cannot be sent). The first finding of a failed check is the
/// place to look at. A check that passed says in its message if there was nothing for the catalog
/// to show.
///
/// Throws Error with the code of the first failed check after RunFinished was told; Error as
/// deploy() does for everything that can be known before; Error(connection), Error(interrupted).
RunReport prove(const Workspace& workspace, const Target& server, const ProveOptions& options,
                Observer& observer, std::stop_token stop);

}  // namespace pgpm
