#include "pgpm/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "engine/migrate/batching.h"
#include "engine/migrate/failure.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/module_choice.h"
#include "engine/migrate/object_facts.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/problems.h"
#include "engine/migrate/sentence.h"
#include "engine/migrate/to_option.h"
#include "engine/model/guarded_observer.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

struct VerifyWork {
  std::vector<PreparedStep> steps;
  std::vector<std::string> modules;
  std::vector<const Module*> sources;  // of the same
  Problems problems;
  std::size_t skipped = 0;  // pending, superseded or without a script
};

void add_module(const Module& module, const RegistryState& state, std::size_t end,
                const VerifyOptions& options, VerifyWork& work) {
  work.modules.push_back(module.package);
  const std::vector<const DeployedChange*> rows = deployed_instances(module, state);
  for (std::size_t i = 0; i < std::min(end, rows.size()); ++i) {
    const Change& change = module.plan.changes[i];
    if (rows[i] == nullptr || change.superseded) {
      ++work.skipped;
      continue;
    }
    PreparedStep step;
    step.step.action = Action::verify;
    step.step.module = module.package;
    step.step.change = rows[i]->name;
    step.verify = load_script(module, Module::ScriptKind::verify, change.script_name);
    if (step.verify) {
      work.steps.push_back(std::move(step));
      continue;
    }
    Diagnostic missing{Severity::warning,
                       {module.plan.file, change.line, 0},
                       fmt::format("Verify script not found for change: {} ({})", change.name,
                                   step.verify.shown_file),
                       {},
                       {}};
    if (options.strict) {
      work.problems.add(ErrorCode::script_missing, std::move(missing));
      continue;
    }
    work.problems.warn(std::move(missing.where), std::move(missing.message));
    ++work.skipped;
  }
}

/// Scripts that cannot be sent at all are mistakes in files, found before anything runs.
void require_sendable(VerifyWork& work) {
  for (const PreparedStep& step : work.steps)
    work.problems.add_script(step.verify.script->problems());
  work.problems.throw_if_any("verify refused");
}

/// One connection's share: each script in a transaction of its own that is rolled back.
class VerifyShare final : public UnitSource {
 public:
  VerifyShare(db::Connection& connection, const std::vector<PreparedStep>& steps, std::size_t first,
              std::size_t end, Observer& observer)
      : connection_(connection), steps_(steps), first_(first), end_(end), observer_(observer) {}

  std::vector<const PreparedStep*> run() {
    run_units(connection_, *this);
    if (roll_back_) connection_.exec("ROLLBACK");
    return std::move(failed_);
  }

  std::size_t size() const override { return end_ - first_; }

  void render(std::size_t unit, db::Batch& batch) override {
    if (roll_back_) batch.add("ROLLBACK", unit);
    roll_back_ = false;
    batch.add("BEGIN", unit);
    batch.add_script(step(unit).verify.script, unit);
    batch.add("ROLLBACK", unit);
    batch.add_reset(unit);
  }

  void started(std::size_t unit) override {
    start_ = Clock::now();
    announce_module(first_ + unit);
    observer_.on_event(ChangeStarted{Action::verify, step(unit).step.module, step(unit).step.change,
                                     first_ + unit + 1});
  }
  void done(std::size_t unit) override { finish(unit, Outcome::ok); }
  void noticed(std::size_t unit, const ServerMessage& message) override {
    observer_.on_event(NoticeRaised{step(unit).step.module, step(unit).step.change, message});
  }
  void not_run(std::size_t unit) override { finish(unit, Outcome::interrupted); }

  AfterFailure failed(std::size_t unit, const db::BatchFailure& failure, const db::Fragment&,
                      Before) override {
    const PreparedStep& which = step(unit);
    finish(unit, failure.interrupted ? Outcome::interrupted : Outcome::failed);
    if (failure.interrupted || failure.lost_connection) {
      throw Error(failure_error(failure, {Action::verify, which.step.module, which.step.change,
                                          FailedUnit::Part::verify, which.verify.shown_file}));
    }
    observer_.on_event(
        VerifyFailed{which.step.module, which.step.change,
                     failure.where.value_or(SourceLocation{which.verify.shown_file, 0, 0}),
                     failure.source_line, failure.message});
    failed_.push_back(&which);
    roll_back_ = connection_.transaction_status() != db::TransactionStatus::idle;
    return AfterFailure::go_on;
  }

 private:
  const PreparedStep& step(std::size_t unit) const { return steps_[first_ + unit]; }
  /// Told by the share that has the module's first script.
  void announce_module(std::size_t index) {
    const std::string& module = steps_[index].step.module;
    if (index > 0 && steps_[index - 1].step.module == module) return;
    const auto of_module = [&](const PreparedStep& other) { return other.step.module == module; };
    const auto count = std::count_if(steps_.begin(), steps_.end(), of_module);
    observer_.on_event(ModuleStarted{module, static_cast<std::size_t>(count)});
  }
  void finish(std::size_t unit, Outcome outcome) {
    observer_.on_event(ChangeFinished{Action::verify, step(unit).step.module,
                                      step(unit).step.change, first_ + unit + 1, outcome,
                                      outcome == Outcome::ok, Clock::now() - start_});
  }

  db::Connection& connection_;
  const std::vector<PreparedStep>& steps_;
  std::size_t first_, end_;
  Observer& observer_;
  std::vector<const PreparedStep*> failed_;
  bool roll_back_ = false;
  Clock::time_point start_;
};

using Failed = std::vector<const PreparedStep*>;

/// Several connections, each with a part of the scripts. The first that cannot go on stops the
/// others, and is what the run ends with.
class VerifyWorkers {
 public:
  VerifyWorkers(const Target& target, const VerifyWork& work, std::size_t jobs,
                GuardedObserver& observer)
      : target_(target), work_(work), observer_(observer), failed_(jobs) {}

  Failed run() {
    {
      std::vector<std::jthread> threads;
      for (std::size_t job = 0; job < failed_.size(); ++job)
        threads.emplace_back([this, job] { run_job(job); });
    }
    if (error_) std::rethrow_exception(error_);
    Failed all;
    for (const Failed& part : failed_) all.insert(all.end(), part.begin(), part.end());
    return all;
  }

 private:
  void run_job(std::size_t job) {
    const std::size_t count = work_.steps.size();
    const std::size_t first = count * job / failed_.size();
    const std::size_t end = count * (job + 1) / failed_.size();
    try {
      db::Connection own = open_for_reading(target_, observer_.stop_token());
      failed_[job] = VerifyShare(own, work_.steps, first, end, observer_).run();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      observer_.stop();
    }
  }

  const Target& target_;
  const VerifyWork& work_;
  GuardedObserver& observer_;
  std::vector<Failed> failed_;
  std::mutex mutex_;
  std::exception_ptr error_;
};

/// Objects are the error's diagnostics: they have no scripts that could have failed.
Error verification_error(const Failed& failed, std::vector<Diagnostic> objects) {
  std::vector<std::string> names;
  for (const PreparedStep* step : failed) names.push_back(step->step.change);
  std::string what = names.empty()
                         ? std::string()
                         : fmt::format("{} change(s): {}", names.size(), fmt::join(names, ", "));
  if (!objects.empty())
    what += fmt::format("{}{} managed object{}", what.empty() ? "" : "; ", objects.size(),
                        objects.size() == 1 ? "" : "s");
  return Error(ErrorCode::verification_failed, "Verification failed: " + what)
      .with(std::move(objects));
}

VerifyWork gather(const Workspace& workspace, const std::vector<const Module*>& modules,
                  const RegistryState& state, const VerifyOptions& options) {
  if (!options.to.empty() && options.modules.size() != 1 && modules.size() != 1) {
    throw Error(ErrorCode::usage, "--to needs exactly one module");
  }
  VerifyWork work;
  const Module* target = options.to.empty() ? nullptr : modules.front();
  const std::size_t end = target == nullptr ? 0 : resolve_to(*target, options.to) + 1;
  std::vector<std::string> names;
  names.reserve(modules.size());
  for (const Module* module : modules) names.push_back(module->name);
  const Resolution resolution =
      resolve(workspace, names, options.recursive ? Closure::with_required : Closure::only_named);
  for (const ResolvedModule& resolved : resolution.modules) {
    const std::size_t limit =
        resolved.module == target ? end : resolved.module->plan.changes.size();
    add_module(*resolved.module, state, limit, options, work);
    work.sources.push_back(resolved.module);
  }
  require_sendable(work);
  return work;
}

Failed run_all(const Target& target, db::Connection& connection, const VerifyWork& work,
               std::size_t jobs, GuardedObserver& observer) {
  jobs = std::min(jobs, work.steps.size());
  if (jobs > 1) return VerifyWorkers(target, work, jobs, observer).run();
  return VerifyShare(connection, work.steps, 0, work.steps.size(), observer).run();
}

/// Successful ones leave no event, as in upstream.
void record(db::Connection& connection, const Failed& failed) {
  for (const PreparedStep* step : failed) {
    registry::record_failure(connection, Action::verify, step->step.module, step->step.change,
                             "Verification failed for " + step->step.change, "VERIFICATION_FAILED",
                             0);
  }
}

}  // namespace

RunReport verify(const Workspace& workspace, const Target& target, const VerifyOptions& options,
                 Observer& observer, std::stop_token stop) {
  const auto start = Clock::now();
  const std::vector<const Module*> modules = choose_modules(workspace, options.modules);
  GuardedObserver guarded(observer, std::move(stop));
  const Target limited = with_limits(target, options);
  db::Connection connection = open_for_reading(limited, guarded.stop_token());
  const RegistryState state = registry::read_state(connection, registry::Detail::rows);
  const VerifyWork work = gather(workspace, modules, state, options);
  guarded.on_event(RunStarted{"verify", connection.database(), work.modules, work.steps.size()});
  for (const Diagnostic& warning : work.problems.warnings())
    guarded.on_event(WarningRaised{{}, {}, warning});
  RunReport report;
  report.skipped = work.skipped;
  const auto finished = [&](Outcome outcome) {
    report.duration = Clock::now() - start;
    guarded.on_event(RunFinished{"verify", outcome, report.done, report.skipped, report.failed,
                                 report.duration});
    guarded.rethrow({});
  };
  Failed failed;
  std::vector<Diagnostic> objects;
  try {
    failed = run_all(limited, connection, work, options.jobs, guarded);
    objects = find_object_drift(connection, work.sources, state);
  } catch (const Error& error) {
    finished(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
    throw;
  }
  report.failed = failed.size() + objects.size();
  report.done = work.steps.size() - failed.size();
  record(connection, failed);
  finished(report.failed == 0 ? Outcome::ok : Outcome::failed);
  if (report.failed > 0) throw Error(verification_error(failed, std::move(objects)));
  return report;
}

}  // namespace pgpm
