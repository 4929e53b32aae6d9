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
void run(db::Connection& connection, const Worklist& worklist, const RunOptions& options,
         long run_id, Observer& observer, RunReport& report);

}  // namespace pgpm
