// The transaction loop. What the database looks like at any moment is known from the COMMITs that
// were answered; that is what a failure reports, never a guess.
#include "engine/migrate/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine/db/batch.h"
#include "engine/migrate/alone.h"
#include "engine/migrate/batching.h"
#include "engine/migrate/bookkeeping.h"
#include "engine/migrate/doubt.h"
#include "engine/migrate/failure.h"
#include "engine/migrate/gone_question.h"
#include "engine/migrate/module_tests.h"
#include "engine/migrate/object_units.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/retry.h"
#include "engine/migrate/unit.h"
#include "engine/registry/rights.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

/// A failure in strict mode ends the run, which must not be in the middle of a message then.
GoneBy how_to_ask(db::Connection& connection, const PreparedRun& run, const RunOptions& options) {
  if (options.strict) return GoneBy::sending_script;
  const std::vector<Unit> units = lay_out(run, TransactionScope::run, GoneBy::asking_server);
  const bool asks = std::any_of(units.begin(), units.end(), [](const Unit& unit) {
    return unit.kind == Unit::Kind::gone_question;
  });
  if (!asks || connection.exec(can_ask_sql).integer(0, 0) == 0) return GoneBy::sending_script;
  return GoneBy::asking_server;
}

class Run final : public UnitSource {
 public:
  Run(db::Connection& connection, const Worklist& worklist, const RunOptions& options, long run_id,
      Observer& observer, RunReport& report)
      : connection_(connection),
        prepared_(*worklist.prepared),
        scope_(worklist.scope),
        options_(options),
        run_id_(run_id),
        observer_(observer),
        report_(report),
        units_(lay_out(prepared_, scope_, how_to_ask(connection_, prepared_, options_))),
        retry_(connection, options, observer),
        books_(run_id),
        objects_(connection, prepared_, units_, run_id) {
    std::size_t changes = 0;
    for (std::size_t unit = 0; unit < units_.size(); ++unit)
      indexes_.push_back(is_change(unit) ? ++changes : changes);
  }

  bool run() {
    while (!run_units(connection_, *this, first_)) {
    }
    return !units_.empty() && ends_run(units_.size() - 1);
  }

  std::size_t size() const override { return units_.size(); }
  bool is_alone(std::size_t unit) const override {
    return units_[unit].kind == Unit::Kind::alone || is_tests(unit) || is_guarded(unit) ||
           is_objects(unit);
  }
  bool is_quiet(std::size_t unit) const override {
    return !is_change(unit) && !is_tests(unit) && !is_objects(unit) && !asks_if_gone(unit) &&
           units_[unit].kind != Unit::Kind::remaining_check;
  }
  bool ends_batch(std::size_t unit) const override;
  bool ends_transaction(std::size_t unit) const override {
    return units_[unit].kind == Unit::Kind::commit;
  }
  void render(std::size_t unit, db::Batch& batch) override;
  void render_end(std::size_t unit, db::Batch& batch) override {
    books_.settle_behind(unit, batch);
  }
  std::optional<AfterFailure> run_alone(std::size_t unit) override;
  void started(std::size_t unit) override;
  void done(std::size_t unit) override;
  void noticed(std::size_t unit, const ServerMessage& message) override;
  void answered(std::size_t unit, const db::Result& row) override;
  void not_run(std::size_t unit) override { finish(unit, Outcome::interrupted); }
  AfterFailure failed(std::size_t unit, const db::BatchFailure& failure,
                      const db::Fragment& fragment, Before before) override;

 private:
  const PreparedModule& module_of(std::size_t unit) const {
    return prepared_.modules[units_[unit].module];
  }
  bool is_change(std::size_t unit) const {
    return units_[unit].kind == Unit::Kind::step || units_[unit].kind == Unit::Kind::alone ||
           is_guarded(unit);
  }
  bool is_guarded(std::size_t unit) const { return units_[unit].kind == Unit::Kind::guarded; }
  bool is_objects(std::size_t unit) const {
    return units_[unit].kind == Unit::Kind::objects ||
           units_[unit].kind == Unit::Kind::objects_back ||
           units_[unit].kind == Unit::Kind::objects_gone;
  }
  bool is_tests(std::size_t unit) const { return units_[unit].kind == Unit::Kind::tests; }
  bool is_scripted(std::size_t unit) const {
    return is_change(unit) || asks_if_gone(unit) ||
           units_[unit].kind == Unit::Kind::remaining_check;
  }
  bool asks_if_gone(std::size_t unit) const {
    return units_[unit].kind == Unit::Kind::gone_check ||
           units_[unit].kind == Unit::Kind::gone_question;
  }
  const PreparedStep& step_of(std::size_t unit) const;
  bool can_wait(std::size_t unit) const;
  /// Its COMMIT is the last thing that happens.
  bool ends_run(std::size_t unit) const {
    return unit + 1 == units_.size() && units_[unit].kind == Unit::Kind::commit;
  }
  bool verifies_again(const PreparedStep& step) const;
  AfterFailure postpone_verification(std::size_t unit, const std::string& message);
  void warn_postponed(const std::string& what);
  void finish(std::size_t unit, Outcome outcome);
  void committed(std::size_t unit);
  void warn_still_there(std::size_t unit);
  void test(std::size_t unit);
  void run_outside(std::size_t unit);
  std::optional<AfterFailure> run_guarded(std::size_t unit);
  std::optional<AfterFailure> run_objects(std::size_t unit);
  AfterFailure objects_failed(std::size_t unit, Error error);
  void tell_objects(std::size_t unit);
  const std::string& owner_of(const ObjectStep& step, std::size_t unit) const;
  void tell_verify_failed(const Error& error, const FailedUnit& failed);
  FailedUnit describe(std::size_t unit, const db::Fragment& fragment) const;
  void tell_started(std::size_t unit);
  std::size_t index_of(std::size_t unit) const { return indexes_[unit]; }
  bool runs_again(std::size_t unit) const { return unit < announced_; }
  AfterFailure begin_again(std::size_t unit);
  std::string what_stays(const Error& error);
  [[noreturn]] void give_up(std::size_t unit, Error error, const FailedUnit& failed);

  db::Connection& connection_;
  const PreparedRun& prepared_;
  TransactionScope scope_;
  const RunOptions& options_;
  long run_id_;
  Observer& observer_;
  RunReport& report_;
  std::vector<Unit> units_;
  std::vector<std::size_t> indexes_;       // of the change in the run, from 1
  std::optional<std::size_t> unfinished_;  // a change that was announced
  std::size_t announced_module_ = static_cast<std::size_t>(-1);
  std::size_t open_changes_ = 0;  // in the open transaction
  bool open_objects_ = false;     // some were handled in it
  std::vector<std::string> committed_modules_;
  std::optional<std::size_t> still_there_;  // the gone_question whose script passed
  bool leave_check_ = false;                // a failed verify script left its savepoint open
  struct Postponed {
    const PreparedStep* step;
    std::string message;  // why it failed right after its change
  };
  std::vector<Postponed> verify_again_;  // tried at the module's end
  Clock::time_point start_;
  Retry retry_;
  Bookkeeping books_;
  ObjectUnits objects_;
  std::size_t first_ = 0;      // where run_units() begins: a transaction that is tried again
  std::size_t announced_ = 0;  // units before it were started: told once, however often they run
  std::size_t finished_ = 0;   // changes before it have had their ChangeFinished
  std::size_t done_ = 0;       // units before it were done at least once
};

const PreparedStep& Run::step_of(std::size_t unit) const {
  const Unit& which = units_[unit];
  if (which.kind == Unit::Kind::remaining_check) return prepared_.remaining[which.step];
  return prepared_.modules[which.module].steps[which.step];
}

bool Run::ends_batch(std::size_t unit) const {
  const bool check_follows =
      unit + 1 < units_.size() && units_[unit + 1].kind == Unit::Kind::gone_check;
  return check_follows || units_[unit].kind == Unit::Kind::gone_check;
}

void Run::render(std::size_t unit, db::Batch& batch) {
  if (leave_check_) batch.add(leave_gone_check, unit, 2);
  leave_check_ = false;
  const bool row_waits = can_wait(unit);
  if (row_waits)
    books_.owe(unit, step_of(unit));
  else
    books_.settle_before(unit, batch);
  if (units_[unit].kind == Unit::Kind::verify_again) {
    for (const Postponed& late : verify_again_) add_in_savepoint(late.step->verify, unit, batch);
  }
  if (ends_run(unit)) batch.add(registry::finish_run_sql(run_id_, Outcome::ok), unit);
  render_unit(prepared_, units_[unit], run_id_, unit, batch, row_waits ? Row::later : Row::at_once);
}

bool Run::can_wait(std::size_t unit) const {
  return units_[unit].kind == Unit::Kind::step && step_of(unit).step.action != Action::revert &&
         Bookkeeping::can_wait(step_of(unit));
}

void Run::started(std::size_t unit) {
  if (runs_again(unit)) return;
  announced_ = unit + 1;
  start_ = Clock::now();
  const PreparedModule& module = module_of(unit);
  const bool news = units_[unit].kind != Unit::Kind::commit && !is_tests(unit) &&
                    units_[unit].kind != Unit::Kind::objects_gone;
  if (units_[unit].module != announced_module_ && news) {
    announced_module_ = units_[unit].module;
    observer_.on_event(ModuleStarted{module.module, module.steps.size()});
  }
  if (!is_change(unit)) return;
  tell_started(unit);
  unfinished_ = unit;
}

void Run::tell_started(std::size_t unit) {
  const Step& step = step_of(unit).step;
  observer_.on_event(ChangeStarted{step.action, step.module, step.change, index_of(unit)});
}

void Run::finish(std::size_t unit, Outcome outcome) {
  if (!is_change(unit)) return;
  if (unit < finished_) {
    if (outcome == Outcome::ok) return;
    tell_started(unit);  // it went well before its transaction had to be tried again
  }
  finished_ = std::max(finished_, unit + 1);
  if (unfinished_ == unit) unfinished_.reset();
  const PreparedStep& step = step_of(unit);
  const bool verified = outcome == Outcome::ok && step.verify &&
                        step.step.action == Action::deploy && !verifies_again(step);
  observer_.on_event(ChangeFinished{step.step.action, step.step.module, step.step.change,
                                    index_of(unit), outcome, verified, Clock::now() - start_});
}

void Run::done(std::size_t unit) {
  const PreparedModule& module = module_of(unit);
  const bool told = unit < done_;  // by an attempt that was rolled back
  done_ = std::max(done_, unit + 1);
  books_.done(unit);
  switch (units_[unit].kind) {
    case Unit::Kind::begin:
      open_changes_ = 0;
      open_objects_ = false;
      break;
    case Unit::Kind::objects:
    case Unit::Kind::objects_back:
    case Unit::Kind::objects_gone:
      break;
    case Unit::Kind::module_head:
      if (told) break;
      for (const std::string& extension : module.extensions) {
        observer_.on_event(ExtensionCreated{extension, module.module});
      }
      break;
    case Unit::Kind::step:
    case Unit::Kind::guarded:
      ++open_changes_;
      finish(unit, Outcome::ok);
      break;
    case Unit::Kind::alone:
      open_changes_ = 1;
      finish(unit, Outcome::ok);
      committed(unit);
      break;
    case Unit::Kind::gone_check:
      if (!told) warn_still_there(unit);
      break;
    case Unit::Kind::gone_question:
      if (!told && still_there_ == unit) warn_still_there(unit);
      break;
    case Unit::Kind::commit:
      committed(unit);
      break;
    case Unit::Kind::verify_again:
      warn_postponed("passes only after later changes of its module");
      break;
    case Unit::Kind::late_tags:
      if (told) break;
      for (const auto& [tag, change] : module.late_tags)
        observer_.on_event(TagRecorded{module.module, tag, change});
      break;
    case Unit::Kind::tests:
    case Unit::Kind::remaining_check:
    case Unit::Kind::drop_extensions:
      break;
  }
}

void Run::committed(std::size_t unit) {
  const std::string& module = module_of(unit).module;
  const bool known = std::find(committed_modules_.begin(), committed_modules_.end(), module) !=
                     committed_modules_.end();
  const bool something = open_changes_ > 0 || open_objects_ || !module_of(unit).extensions.empty();
  if (something && !known) committed_modules_.push_back(module);
  report_.done += open_changes_;
  observer_.on_event(
      Committed{scope_, scope_ == TransactionScope::run ? std::string() : module, open_changes_});
  open_changes_ = 0;
  retry_.succeeded();
}

/// Some verify scripts lean on changes that come later in the module. They are judged once the
/// module is complete, still before its COMMIT.
AfterFailure Run::postpone_verification(std::size_t unit, const std::string& message) {
  verify_again_.push_back({&step_of(unit), message});
  if (!is_guarded(unit)) books_.failed_to_verify(unit);
  leave_check_ = true;
  ++open_changes_;
  finish(unit, Outcome::ok);
  return AfterFailure::go_on;
}

bool Run::verifies_again(const PreparedStep& step) const {
  return std::any_of(verify_again_.begin(), verify_again_.end(),
                     [&](const Postponed& late) { return late.step == &step; });
}

void Run::warn_postponed(const std::string& what) {
  for (const Postponed& late : verify_again_) {
    const Step& step = late.step->step;
    observer_.on_event(
        WarningRaised{step.module,
                      step.change,
                      {Severity::warning,
                       {late.step->verify.shown_file, 0, 0},
                       fmt::format("the verify script of {}:{} {}", step.module, step.change, what),
                       {},
                       fmt::format("right after its change it failed: {}", late.message)}});
  }
  verify_again_.clear();
}

/// The verify script passed although its change was reverted.
void Run::warn_still_there(std::size_t unit) {
  const PreparedStep& step = step_of(unit);
  Diagnostic found{Severity::warning,
                   {step.verify.shown_file, 0, 0},
                   fmt::format("{}:{} was reverted, but its verify script still passes",
                               step.step.module, step.step.change),
                   {},
                   "the revert script left something behind, or the verify script proves nothing"};
  if (!options_.strict) {
    observer_.on_event(WarningRaised{step.step.module, step.step.change, std::move(found)});
    return;
  }
  Error error(ErrorCode::proof_failed, found.message);
  error.at(found.where).hint(found.hint);
  give_up(unit, std::move(error),
          {step.step.action, step.step.module, step.step.change, FailedUnit::Part::script, {}});
}

void Run::answered(std::size_t unit, const db::Result& row) {
  if (units_[unit].kind != Unit::Kind::gone_question) return;
  if (row.columns() == 1 && row.text(0, 0) == "t") still_there_ = unit;
}

void Run::noticed(std::size_t unit, const ServerMessage& message) {
  if (unit < done_) return;
  if (!is_scripted(unit)) {
    observer_.on_event(NoticeRaised{module_of(unit).module, {}, message});
    return;
  }
  const Step& step = step_of(unit).step;
  observer_.on_event(NoticeRaised{step.module, step.change, message});
}

FailedUnit Run::describe(std::size_t unit, const db::Fragment& fragment) const {
  FailedUnit failed;
  failed.module = module_of(unit).module;
  const auto again =
      std::find_if(verify_again_.begin(), verify_again_.end(), [&](const Postponed& late) {
        return fragment.script != nullptr && late.step->verify.script == fragment.script;
      });
  if (units_[unit].kind == Unit::Kind::commit) {
    failed.part = FailedUnit::Part::commit;
  } else if (again != verify_again_.end()) {
    failed.change = again->step->step.change;
    failed.verify_file = again->step->verify.shown_file;
    failed.part = FailedUnit::Part::verify;
  } else if (is_scripted(unit)) {
    const PreparedStep& step = step_of(unit);
    failed.action = step.step.action;
    failed.module = step.step.module;
    failed.change = step.step.change;
    failed.verify_file = step.verify.shown_file;
    const bool verify = (fragment.script != nullptr && fragment.script == step.verify.script) ||
                        (units_[unit].kind == Unit::Kind::gone_question && fragment.noisy);
    failed.part = verify                       ? FailedUnit::Part::verify
                  : fragment.script == nullptr ? FailedUnit::Part::ledger
                                               : FailedUnit::Part::script;
  } else {
    const bool extension = units_[unit].kind == Unit::Kind::module_head &&
                           fragment.sql.starts_with("CREATE EXTENSION");
    failed.part = extension ? FailedUnit::Part::extension : FailedUnit::Part::ledger;
  }
  return failed;
}

/// The transaction that `unit` is in was rolled back: from its BEGIN on, without a word.
AfterFailure Run::begin_again(std::size_t unit) {
  while (units_[unit].kind != Unit::Kind::begin) --unit;
  first_ = unit;
  leave_check_ = false;
  verify_again_.clear();
  books_.forget();
  objects_.forget();
  return AfterFailure::stop;
}

AfterFailure Run::failed(std::size_t unit, const db::BatchFailure& what,
                         const db::Fragment& fragment, Before before) {
  const FailedUnit described = describe(unit, fragment);
  db::BatchFailure failure = what;
  if (units_[unit].kind == Unit::Kind::gone_question && fragment.noisy)
    locate_in_script(failure, *step_of(unit).verify.script);
  if (retry_.again(failure, described.module, described.change)) return begin_again(unit);
  const bool is_verdict =
      !failure.lost_connection && !failure.interrupted && !is_worth_retrying(failure);
  // What gets out of a question is a cancelled query, by a time-out of the script's own.
  const bool expected =
      units_[unit].kind == Unit::Kind::gone_question
          ? is_verdict && fragment.noisy
          : units_[unit].kind == Unit::Kind::gone_check && fragment.script != nullptr && is_verdict;
  if (expected) {
    leave_check_ = true;
    return AfterFailure::go_on;
  }
  const bool is_judged_later = is_guarded(unit) || (units_[unit].kind == Unit::Kind::step &&
                                                    scope_ != TransactionScope::change);
  const bool can_wait = described.part == FailedUnit::Part::verify && before == Before::ran &&
                        is_judged_later && is_verdict;
  if (can_wait) return postpone_verification(unit, failure.message.message);
  // Announced, but its transaction was tried again and came not that far.
  if (unfinished_ && *unfinished_ != unit) finish(*unfinished_, Outcome::interrupted);
  finish(unit, failure.interrupted ? Outcome::interrupted : Outcome::failed);
  Error error = failure_error(failure, described);
  if (is_worth_retrying(failure)) retry_.explain(error);
  if (described.part == FailedUnit::Part::ledger)
    error = registry::explain_denied_writing(connection_, error);
  if (error.code() == ErrorCode::verification_failed) tell_verify_failed(error, described);
  give_up(unit, error, described);
}

void Run::tell_verify_failed(const Error& error, const FailedUnit& failed) {
  observer_.on_event(VerifyFailed{failed.module, failed.change,
                                  error.where().value_or(SourceLocation{failed.verify_file, 0, 0}),
                                  error.source_line(), error.server().value_or(ServerMessage{})});
}

/// They see what this run has made, before it is committed.
void Run::test(std::size_t unit) {
  const TestSuite& suite = *module_of(unit).tests;
  const FailedUnit at{Action::deploy, suite.module, {}, FailedUnit::Part::script, {}};
  TestTally tally;
  try {
    TestRunOptions options;
    if (options_.strict) options.on_leak = TestRunOptions::OnLeak::fail;
    tally = run_tests(connection_, suite, options, observer_);
  } catch (const Error& error) {
    give_up(unit, error, at);
  }
  if (tally.failed > 0)
    give_up(unit, failed_tests(tally).hint("correct the change or the test, and deploy again"), at);
}

std::optional<AfterFailure> Run::run_alone(std::size_t unit) {
  if (leave_check_) connection_.exec(leave_gone_check);
  leave_check_ = false;
  if (is_guarded(unit)) return run_guarded(unit);
  if (is_objects(unit)) return run_objects(unit);
  if (is_tests(unit))
    test(unit);
  else
    run_outside(unit);
  return std::nullopt;
}

std::optional<AfterFailure> Run::run_guarded(std::size_t unit) {
  std::optional<ObjectUnits::Failed> what;
  try {
    what = objects_.run_change(unit);
  } catch (const Error& error) {
    return objects_failed(unit, error);
  }
  tell_objects(unit);
  if (!what) return std::nullopt;
  return failed(unit, what->failure, what->fragment, Before::ran);
}

std::optional<AfterFailure> Run::run_objects(std::size_t unit) {
  try {
    objects_.run_objects(unit);
  } catch (const Error& error) {
    return objects_failed(unit, error);
  }
  open_objects_ = true;
  tell_objects(unit);
  return std::nullopt;
}

/// Objects of several modules may go in one unit.
const std::string& Run::owner_of(const ObjectStep& step, std::size_t unit) const {
  for (const PreparedModule& module : prepared_.modules)
    for (const ObjectChange& removed : module.removed_objects)
      if (removed.kind == step.kind && removed.name == step.name) return module.module;
  return module_of(unit).module;
}

void Run::tell_objects(std::size_t unit) {
  const std::string& module = module_of(unit).module;
  const std::vector<ObjectStep> steps = objects_.take_steps();
  const std::vector<Diagnostic> warnings = objects_.take_warnings();
  if (unit < done_) return;
  for (const ObjectStep& step : steps)
    observer_.on_event(ObjectHandled{owner_of(step, unit), object_act_name(step.act), step.kind,
                                     step.name, step.file, step.reason});
  for (const Diagnostic& warning : warnings) observer_.on_event(WarningRaised{module, {}, warning});
}

/// Like failed(), for what happens between a change's own statements.
AfterFailure Run::objects_failed(std::size_t unit, Error error) {
  const std::string change = is_change(unit) ? step_of(unit).step.change : std::string();
  db::BatchFailure failure;
  if (error.server()) failure.message = *error.server();
  if (retry_.again(failure, module_of(unit).module, change)) return begin_again(unit);
  if (is_worth_retrying(failure)) retry_.explain(error);
  finish(unit, error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
  FailedUnit failed{Action::deploy, module_of(unit).module, change, FailedUnit::Part::script, {}};
  if (is_change(unit)) failed.action = step_of(unit).step.action;
  give_up(unit, error, failed);
}

void Run::run_outside(std::size_t unit) {
  const PreparedStep& step = step_of(unit);
  try {
    run_step_alone(connection_, step, {run_id_, retry_, observer_});
  } catch (const Error& error) {
    finish(unit, error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
    FailedUnit failed{step.step.action, step.step.module, step.step.change,
                      FailedUnit::Part::script, step.verify.shown_file};
    if (error.code() == ErrorCode::verification_failed) {
      failed.part = FailedUnit::Part::verify;
      tell_verify_failed(error, failed);
    }
    give_up(unit, error, failed);
  }
}

/// A COMMIT may have been done although its answer was lost: the ledger knows.
std::string Run::what_stays(const Error& error) {
  const bool in_doubt = error.code() == ErrorCode::connection && !connection_.alive();
  const std::optional<Settled> settled =
      in_doubt ? ask_ledger(connection_, prepared_) : std::nullopt;
  if (!settled) return describe_state(committed_modules_, report_.done, error, scope_);
  report_.done = settled->changes;
  return describe_settled(*settled, error, scope_);
}

/// Rolls back, records, tells, throws. Stop requests wait: leaving an open transaction would be
/// worse.
void Run::give_up(std::size_t unit, Error error, const FailedUnit& failed) {
  const db::StopMask mask(connection_);
  connection_.on_notice({});
  if (unfinished_) finish(*unfinished_, Outcome::interrupted);
  if (failed.part != FailedUnit::Part::verify) warn_postponed("failed before that");
  bool rolled_back = true;
  if (connection_.alive() && connection_.transaction_status() != db::TransactionStatus::idle) {
    try {
      connection_.exec("ROLLBACK");
    } catch (const Error&) {
      rolled_back = false;  // the connection went away, and the server rolls back by itself
    }
  }
  if (rolled_back && units_[unit].kind != Unit::Kind::alone) {
    observer_.on_event(
        RolledBack{scope_, scope_ == TransactionScope::run ? std::string() : failed.module});
  }
  record_failed(connection_, error, failed, run_id_);
  error.leaving(what_stays(error));
  throw Error(error);
}

}  // namespace

bool run(db::Connection& connection, const Worklist& worklist, const RunOptions& options,
         long run_id, Observer& observer, RunReport& report) {
  return Run(connection, worklist, options, run_id, observer, report).run();
}

}  // namespace pgpm
