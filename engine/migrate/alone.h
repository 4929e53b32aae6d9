// A change that refuses transactions: its statements run one by one, each journalled in an intent
// row, so that a killed run is finished by the next deploy. A statement that can share a
// transaction with its entry in the journal does; of the others the catalogs are asked whether they
// were done.
#pragma once

#include "engine/db/connection.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/retry.h"

namespace pgpm {

/// What a step needs of the run it belongs to. All outlive the call.
struct AloneRun {
  long run_id = 0;
  Retry& retry;
  Observer& observer;
};

/// Runs the step (deploy or revert), going on where `step.intent` says an earlier run stopped.
/// Throws Error located in the script; what ran stays, the intent row tells how far it came, and so
/// does the error's database_state(). The session must be outside a transaction.
void run_step_alone(db::Connection& connection, const PreparedStep& step, const AloneRun& run);

}  // namespace pgpm
