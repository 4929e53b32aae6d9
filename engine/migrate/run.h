// Carries out a worklist on a connection that holds the run lock: sends the units, tells the
// observer, and on failure rolls back, records the failed event and throws with everything a person
// needs to go on.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/deploy.h"
#include "pgpm/worklist.h"

namespace pgpm {

/// `run_id` is the row of this run in the ledger. Emits everything between RunStarted and
/// RunFinished (not these two). `report.done` counts the changes made durable, also when it throws.
/// Returns whether the row says that the run went well: what ends with a COMMIT commits that along,
/// so that the row is never behind the database, and no statement has to follow (the first one
/// behind the COMMIT of a thousand tables finds all of the server's caches empty).
bool run(db::Connection& connection, const Worklist& worklist, const RunOptions& options,
         long run_id, Observer& observer, RunReport& report);

}  // namespace pgpm
