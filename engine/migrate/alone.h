// A change that refuses transactions: its statements run one by one, each journalled in an intent
// row, so that a killed run is finished by the next deploy. Only its ledger row and the end of the
// intent share a transaction.
#pragma once

#include "engine/db/connection.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/retry.h"

namespace pgpm {

/// Runs the step (deploy or revert), going on where `step.intent` says an earlier run stopped.
/// Throws Error located in the script; what ran stays, the intent row tells how far it came, and so
/// does the error's database_state().
/// The session must be outside a transaction.
void run_step_alone(db::Connection& connection, const PreparedStep& step, long run_id,
                    Retry& retry);

}  // namespace pgpm
