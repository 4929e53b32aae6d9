#include "engine/proof/change_scripts.h"

#include "engine/migrate/alone.h"
#include "engine/migrate/unit.h"
#include "engine/registry/registry.h"

namespace pgpm::proof {

namespace {

bool ends_the_run(const Error& error) {
  return error.code() == ErrorCode::interrupted || error.code() == ErrorCode::connection;
}

}  // namespace

ChangeScripts::Deployed ChangeScripts::deploy() {
  const PreparedStep& step = step_.deploy;
  if (!step.step.transactional) {
    Deployed deployed{run_alone(step), {}};
    if (!deployed.deploy) deployed.verify = verify();
    return deployed;
  }
  db::Batch batch(connection_.settings_after_reset());
  batch.add("BEGIN", 0);
  batch.add_script(step.script.script, 0);
  batch.add_reset(0);
  batch.add(registry::record_deploy_sql(ledger_row(step)), 0);
  if (Failure failure = send(batch, unit(Action::deploy, FailedUnit::Part::script)))
    return {std::move(failure), {}};
  Failure unverified = verify();
  if (Failure failure = commit(Action::deploy)) return {std::move(failure), {}};
  return {{}, std::move(unverified)};
}

Failure ChangeScripts::revert() {
  const PreparedStep& step = step_.revert;
  if (!step.step.transactional) return run_alone(step);
  db::Batch batch(connection_.settings_after_reset());
  batch.add("BEGIN", 0);
  batch.add_script(step.script.script, 0);
  batch.add_reset(0);
  batch.add(registry::record_revert_sql(step.record.package, step.record.change, 0), 0);
  return send(batch, unit(Action::revert, FailedUnit::Part::script));
}

Failure ChangeScripts::commit_revert() {
  if (connection_.transaction_status() == db::TransactionStatus::idle) return {};
  return commit(Action::revert);
}

/// What is deferred may write as well: the counters are asked behind it, in the same message.
Failure ChangeScripts::commit(Action action) {
  db::Batch batch;
  batch.add_commit(0);
  batch.add(written_.query(), 0);
  return send(batch, unit(action, FailedUnit::Part::commit),
              [this](std::size_t, std::size_t, const db::Result& row) { written_.note(row); });
}

void ChangeScripts::roll_back_revert() {
  roll_back();
}

/// Its savepoint is set in a message of its own: the script may fail as a whole message.
Failure ChangeScripts::verify() {
  if (!step_.verify) return {};
  const bool inside = connection_.transaction_status() != db::TransactionStatus::idle;
  if (inside) connection_.exec("SAVEPOINT pgpm_verify");
  db::Batch batch(connection_.settings_after_reset());
  if (!inside) batch.add("BEGIN", 0);
  batch.add_script(step_.verify.script, 0);
  const std::optional<db::BatchFailure> failure = db::run_batch(connection_, batch);
  Failure error;
  if (failure) error = failure_error(*failure, unit(Action::verify, FailedUnit::Part::verify));
  if (error && ends_the_run(*error)) throw Error(*error);
  if (inside)
    connection_.exec(leave_gone_check);
  else
    roll_back();
  db::Batch reset(connection_.settings_after_reset());
  reset.add_reset(0);
  send(reset, unit(Action::verify, FailedUnit::Part::ledger));
  return error;
}

Failure ChangeScripts::run_alone(const PreparedStep& step) {
  // Nobody else is in the database of the proof: a lock that is missed is the script's own affair.
  RunOptions once;
  once.retry_for = std::chrono::milliseconds(0);
  SilentObserver silent;
  Retry retry(connection_, once, silent);
  try {
    run_step_alone(connection_, step, {0, retry, silent});
    return {};
  } catch (const Error& error) {
    if (ends_the_run(error)) throw;
    roll_back();
    return error;
  }
}

Failure ChangeScripts::send(const db::Batch& batch, const FailedUnit& failed,
                            const db::RowSeen& row) {
  const std::optional<db::BatchFailure> failure = db::run_batch(connection_, batch, {}, row);
  if (!failure) return {};
  FailedUnit blamed = failed;
  if (blamed.part == FailedUnit::Part::script &&
      batch.fragments()[failure->fragment].script == nullptr)
    blamed.part = FailedUnit::Part::ledger;
  Error error = failure_error(*failure, blamed);
  if (ends_the_run(error)) throw Error(error);
  roll_back();
  return error;
}

FailedUnit ChangeScripts::unit(Action action, FailedUnit::Part part) const {
  return {action, step_.deploy.step.module, step_.deploy.step.change, part,
          step_.verify.shown_file};
}

void ChangeScripts::roll_back() {
  if (connection_.transaction_status() != db::TransactionStatus::idle) connection_.exec("ROLLBACK");
}

}  // namespace pgpm::proof
