#include "engine/migrate/alone.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/migrate/failure.h"
#include "engine/migrate/lock_limit.h"
#include "engine/migrate/settle.h"
#include "engine/migrate/unit.h"
#include "engine/sql/footprint.h"
#include "engine/sql/statement_kind.h"

namespace pgpm {

namespace {

class AloneStep {
 public:
  AloneStep(db::Connection& connection, const PreparedStep& step, const AloneRun& run)
      : connection_(connection),
        step_(step),
        run_id_(run.run_id),
        retry_(run.retry),
        observer_(run.observer),
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
    resume();
    begun_ = true;
    while (done_ < script_.statements().size()) run_next();
    send([&](db::Batch& batch) { batch.add_reset(0); });
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

  /// Begins behind what an earlier run of the same script finished. The statement it was in when it
  /// ended may have left something behind, or have been done without anybody noting it down.
  void resume() {
    const std::optional<IntentRow>& intent = step_.intent;
    const bool same = intent && intent->script_hash == step_.script.hash &&
                      intent->action == action_name(step_.step.action);
    if (!same) return begin();
    const std::size_t done = std::min(intent->statements_done, script_.statements().size());
    for (done_ = 0; done_ < done; ++done_)
      if (sql::is_session_setting(text_of(done_))) send_statement(done_);
    if (done_ < script_.statements().size() &&
        settle_statement(intent->cut_off ? Ending::cut_off : Ending::failed) == Fate::done)
      ++done_;
    connection_.exec(registry::resume_intent_sql(package(), change(), run_id_));
    connection_.exec(registry::advance_intent_sql(package(), change(), done_));
    safe_ = done_;
  }

  void begin() {
    if (step_.intent && step_.intent->statements_done > 0) warn_begins_anew();
    connection_.exec(registry::begin_intent_sql(package(), change(), step_.step.action,
                                                step_.script.hash, run_id_));
  }

  void warn_begins_anew() {
    const IntentRow& intent = *step_.intent;
    Diagnostic warning;
    warning.severity = Severity::warning;
    warning.where = {step_.script.shown_file, 0, 0};
    const bool other_way = intent.action != action_name(step_.step.action);
    warning.message =
        other_way ? fmt::format(
                        "{}:{} was left half-way by a {} that was interrupted after {} of "
                        "its statements",
                        step_.step.module, step_.step.change, intent.action, intent.statements_done)
                  : fmt::format(
                        "{} was edited since a run of it was interrupted after {} of its "
                        "statements: it begins anew",
                        step_.script.shown_file, intent.statements_done);
    warning.hint =
        "what those statements did is still there: if the script stumbles over it, take it away, "
        "or "
        "write IF NOT EXISTS and the like";
    observer_.on_event(WarningRaised{step_.step.module, step_.step.change, std::move(warning)});
  }

  const std::string& package() const { return step_.record.package; }
  const std::string& change() const { return step_.record.change; }

  std::string_view text_of(std::size_t statement) const {
    const sql::Statement& which = script_.statements()[statement];
    return script_.source().bytes().substr(which.begin, which.end - which.begin);
  }

  Fate settle_statement(Ending ending) {
    const LockLimit no_limit(connection_, sql::footprint(text_of(done_)));
    return settle(connection_, text_of(done_), ending, package(), change());
  }

  /// A script may open transactions of its own: what it has done in one is not safe before its end.
  bool outside() const { return connection_.transaction_status() == db::TransactionStatus::idle; }

  /// Whether the statement and its entry in the journal can share a transaction.
  bool can_share(std::size_t statement) const {
    const std::string_view text = text_of(statement);
    const bool plain = script_.statements()[statement].kind != sql::Statement::Kind::transaction;
    return plain && outside() && !sql::refuses_transaction(text) && !sql::may_commit(text) &&
           !sql::is_session_setting(text) &&
           sql::footprint(text).kind == sql::Footprint::Kind::none;
  }

  void run_next() {
    if (outside()) safe_ = done_;
    const bool shares = can_share(done_) && !wants_to_be_outside_;
    wants_to_be_outside_ = false;
    if (shares) return run_journalled();
    if (!run_bare()) return;
    ++done_;
    const db::StopMask mask(connection_);  // it is done: a stop must not keep that from being known
    connection_.exec(registry::advance_intent_sql(package(), change(), done_));
  }

  /// All or nothing, journal included.
  void run_journalled() {
    db::Batch batch(connection_.settings_after_reset());
    batch.add("BEGIN", 0);
    batch.add_statement(step_.script.script, done_, 0);
    batch.add(registry::advance_intent_sql(package(), change(), done_ + 1), 0);
    batch.add_commit(0);
    std::optional<db::BatchFailure> failure = db::run_batch(connection_, batch);
    if (!failure) {
      ++done_;
      return retry_.succeeded();
    }
    // What the text did not tell: it calls something that commits, or refuses to run in here.
    wants_to_be_outside_ =
        failure->message.sqlstate == "25001" || failure->message.sqlstate == "2D000";
    if (wants_to_be_outside_ && !failure->lost_connection) {
      connection_.exec("ROLLBACK");
      return;
    }
    if (!retry_.again(*failure, step_.step.module, step_.step.change)) fail(batch, *failure);
  }

  /// False if it is to be tried again, from safe_ on.
  bool run_bare() {
    const std::string_view text = text_of(done_);
    const sql::Footprint left = sql::footprint(text);
    std::optional<Retry::Alone> alone;
    if (sql::is_about_database(text)) alone.emplace(retry_);
    const LockLimit no_limit(connection_, left);
    const Retry::IndexBuilding building(retry_, left, step_.step.module, step_.step.change);
    db::Batch batch(connection_.settings_after_reset());
    batch.add_statement(step_.script.script, done_, 0);
    std::optional<db::BatchFailure> failure = db::run_batch(connection_, batch);
    if (!failure) {
      if (outside()) retry_.succeeded();
      return true;
    }
    const bool again = retry_.again(*failure, step_.step.module, step_.step.change);
    const std::size_t stopped_at = std::exchange(done_, safe_);
    if (!again) fail(batch, *failure);
    // In a transaction of the script's own nothing is left: it was rolled back.
    if (stopped_at == safe_ && settle_statement(Ending::failed) == Fate::done) return true;
    return false;
  }

  void send_statement(std::size_t statement) {
    send([&](db::Batch& batch) { batch.add_statement(step_.script.script, statement, 0); });
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
      batch.add(step_.step.action == Action::revert
                    ? registry::record_revert_sql(package, step_.record.change, run_id_)
                    : registry::record_deploy_sql(ledger_row(step_, run_id_)),
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

  /// A batch of ours is a transaction of its own, so it may be tried again as it is.
  template <class Fill>
  void send(Fill fill) {
    for (;;) {
      db::Batch batch(connection_.settings_after_reset());
      fill(batch);
      std::optional<db::BatchFailure> failure = db::run_batch(connection_, batch);
      if (!failure) return retry_.succeeded();
      if (!retry_.again(*failure, step_.step.module, step_.step.change)) fail(batch, *failure);
    }
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
  Observer& observer_;
  const sql::Script& script_;
  bool begun_ = false;
  std::size_t done_ = 0;              // statements
  std::size_t safe_ = 0;              // of these are not in a transaction that is still open
  bool wants_to_be_outside_ = false;  // the next one: it refused to share a transaction
};

}  // namespace

void run_step_alone(db::Connection& connection, const PreparedStep& step, const AloneRun& run) {
  AloneStep(connection, step, run).run();
}

}  // namespace pgpm
