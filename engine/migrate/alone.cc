#include "engine/migrate/alone.h"

#include <fmt/format.h>

#include "engine/migrate/failure.h"
#include "engine/migrate/invalid_index.h"
#include "engine/migrate/unit.h"

namespace pgpm {

namespace {

class AloneStep {
 public:
  AloneStep(db::Connection& connection, const PreparedStep& step, long run_id, Retry& retry)
      : connection_(connection),
        step_(step),
        run_id_(run_id),
        retry_(retry),
        script_(*step.script.script) {}

  void run() {
    try {
      run_all();
    } catch (Error& error) {
      error.leaving(progress());
      throw;
    }
  }

 private:
  void run_all() {
    done_ = resume();
    begun_ = true;
    while (done_ < script_.statements().size()) run_statement();
    send([&](db::Batch& batch) { add_reset(batch, 0); });
    if (step_.verify && step_.step.action == Action::deploy) verify();
    record();
  }

  std::string progress() const {
    if (!begun_) return {};
    const std::size_t all = script_.statements().size();
    return fmt::format(
        "{}:{} was begun outside a transaction: {} of its {} statement{} {} done, the next run "
        "goes "
        "on from there",
        step_.step.module, step_.step.change, done_, all, all == 1 ? "" : "s",
        done_ == 1 ? "is" : "are");
  }

  /// Where to begin: behind what an earlier run of the same script finished. The statement it was
  /// in when it died may have left an index that was never completed.
  std::size_t resume() {
    const bool same = step_.intent && step_.intent->script_hash == step_.script.hash &&
                      step_.intent->action == action_name(step_.step.action);
    if (!same) {
      connection_.exec(registry::begin_intent_sql(step_.record.package, step_.record.change,
                                                  step_.step.action, step_.script.hash, run_id_));
      return 0;
    }
    const std::size_t done = std::min(step_.intent->statements_done, script_.statements().size());
    if (done == script_.statements().size()) return done;
    return settle_interrupted_index(connection_, text_of(done)) == IndexFate::complete ? done + 1
                                                                                       : done;
  }

  std::string_view text_of(std::size_t statement) const {
    const sql::Statement& which = script_.statements()[statement];
    return script_.source().bytes().substr(which.begin, which.end - which.begin);
  }

  void run_statement() {
    send([&](db::Batch& batch) { batch.add_statement(step_.script.script, done_, 0); },
         [&] { settle_interrupted_index(connection_, text_of(done_)); });
    ++done_;
    const db::StopMask mask(connection_);  // it is done: a stop must not keep that from being known
    connection_.exec(
        registry::advance_intent_sql(step_.record.package, step_.record.change, done_));
  }

  void verify() {
    send([&](db::Batch& batch) {
      batch.add("BEGIN", 0);
      batch.add_script(step_.verify.script, 0);
      batch.add("ROLLBACK", 0);
    });
  }

  void record() {
    const std::string& package = step_.record.package;
    send([&](db::Batch& batch) {
      batch.add("BEGIN", 0);
      if (step_.rename && step_.step.action == Action::deploy) add_rename(batch);
      registry::DeployRecord record = step_.record;
      record.run_id = run_id_;
      batch.add(step_.step.action == Action::revert
                    ? registry::record_revert_sql(package, step_.record.change, run_id_)
                    : registry::record_deploy_sql(record),
                0);
      if (step_.rename && step_.step.action == Action::revert) add_rename(batch);
      batch.add(registry::end_intent_sql(package, step_.record.change), 0);
      batch.add_commit(0);
    });
  }

  void add_rename(db::Batch& batch) {
    batch.add(registry::rename_instance_sql(step_.record.package, step_.rename->first,
                                            step_.rename->second),
              0);
  }

  /// Each batch of ours is a transaction of its own, so it may be tried again as it is; what a
  /// statement leaves behind that failed outside of one, `clean_up` takes away first.
  template <class Fill, class CleanUp>
  void send(Fill fill, CleanUp clean_up) {
    for (;;) {
      db::Batch batch;
      fill(batch);
      std::optional<db::BatchFailure> failure = db::run_batch(connection_, batch);
      if (!failure) return retry_.succeeded();
      if (retry_.again(*failure, step_.step.module, step_.step.change)) {
        clean_up();
        continue;
      }
      fail(batch, *failure);
    }
  }
  template <class Fill>
  void send(Fill fill) {
    send(fill, [] {});
  }

  [[noreturn]] void fail(const db::Batch& batch, const db::BatchFailure& failure) {
    const db::Fragment& fragment = batch.fragments()[failure.fragment];
    FailedUnit failed{step_.step.action, step_.step.module, step_.step.change,
                      FailedUnit::Part::ledger, step_.verify.shown_file};
    if (fragment.script) {
      const bool verify = fragment.script == step_.verify.script;
      failed.part = verify ? FailedUnit::Part::verify : FailedUnit::Part::script;
    }
    Error error = failure_error(failure, failed);
    if (is_worth_retrying(failure)) retry_.explain(error);
    throw Error(error);
  }

  db::Connection& connection_;
  const PreparedStep& step_;
  long run_id_;
  Retry& retry_;
  const sql::Script& script_;
  bool begun_ = false;
  std::size_t done_ = 0;  // statements
};

}  // namespace

void run_step_alone(db::Connection& connection, const PreparedStep& step, long run_id,
                    Retry& retry) {
  AloneStep(connection, step, run_id, retry).run();
}

}  // namespace pgpm
