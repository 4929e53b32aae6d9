#include "pgpm/sql_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "engine/model/guarded_observer.h"
#include "engine/migrate/module_choice.h"
#include "engine/migrate/module_tests.h"
#include "engine/migrate/opening.h"
#include "engine/registry/registry.h"
#include "engine/testing/test_pattern.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

struct PlannedTests {
  const Module* module = nullptr;
  std::vector<TestStep> plan;
};

/// The chosen modules, in the order of their requirements.
std::vector<const Module*> chosen_in_order(const Workspace& workspace,
                                           const std::vector<std::string>& names) {
  std::vector<std::string> chosen;
  for (const Module* module : choose_modules(workspace, names)) chosen.push_back(module->name);
  std::vector<const Module*> modules;
  if (chosen.empty()) return modules;
  for (const ResolvedModule& one : resolve(workspace, chosen, Closure::only_named).modules)
    modules.push_back(one.module);
  return modules;
}

[[noreturn]] void fail_unmatched(const std::string& pattern, std::size_t tests) {
  throw Error(ErrorCode::configuration, fmt::format("no tests match the pattern {}", pattern))
      .hint(tests == 0
                ? std::string("there are no tests: they are SQL files below __tests__/")
                : fmt::format("there are {} without it: `pgpm test --list` shows them", tests));
}

/// `connection` is asked about the pattern, and not needed without one.
std::vector<PlannedTests> plan_for(const std::vector<const Module*>& modules,
                                   const std::string& pattern, db::Connection* connection) {
  std::vector<PlannedTests> planned;
  std::size_t all = 0, wanted = 0;
  for (const Module* module : modules) {
    const std::vector<std::string> files = test_files_of(*module);
    std::vector<TestStep> plan = plan_tests(files);
    all += count_tests(plan);
    if (!pattern.empty() && !plan.empty()) {
      const std::set<std::string> matching = matching_paths(*connection, files, pattern);
      plan = plan_tests(files, [&](const std::string& path) { return matching.contains(path); });
    }
    wanted += count_tests(plan);
    if (!plan.empty()) planned.push_back({module, std::move(plan)});
  }
  if (!pattern.empty() && wanted == 0) fail_unmatched(pattern, all);
  return planned;
}

std::vector<TestSuite> load(const std::vector<PlannedTests>& planned) {
  std::vector<TestSuite> suites;
  for (const PlannedTests& one : planned) suites.push_back(load_tests(*one.module, one.plan));
  return suites;
}

std::size_t checks_of(const TestSuite& suite) {
  return suite.scripts.size();
}

class SqlTestRun {
 public:
  SqlTestRun(db::Connection& connection, std::vector<PlannedTests> planned,
             const SqlTestOptions& options, GuardedObserver& observer)
      : connection_(connection),
        planned_(std::move(planned)),
        options_(options),
        observer_(observer),
        suites_(load(planned_)) {
    warnings_ = require_runnable(suites_, "test refused");
  }

  RunReport run() {
    started();
    try {
      run_suites();
    } catch (const Error& error) {
      roll_back();
      finished(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
      throw;
    }
    roll_back();
    finished(tally_.failed == 0 ? Outcome::ok : Outcome::failed);
    if (tally_.failed > 0)
      throw Error(
          failed_tests(tally_).hint("run some of them again with `pgpm test --pattern REGEX`"));
    return report_;
  }

 private:
  void started() {
    RunStarted event{"test", connection_.database(), {}, 0};
    for (const TestSuite& suite : suites_) {
      event.modules.push_back(suite.module);
      event.checks += checks_of(suite);
    }
    observer_.on_event(event);
    for (const Diagnostic& warning : warnings_) observer_.on_event(WarningRaised{{}, {}, warning});
  }

  void run_suites() {
    const RegistryState state =
        registry::read_state(connection_, registry::Detail::names_and_hashes);
    connection_.exec("BEGIN");
    for (std::size_t i = 0; i < suites_.size(); ++i) {
      observer_.on_event(ModuleStarted{suites_[i].module, 0});
      add(is_deployed(*planned_[i].module, state)
              ? run_tests(connection_, suites_[i], test_options(), observer_)
              : skip_tests(suites_[i],
                           fmt::format("nothing of {} is deployed here", suites_[i].module),
                           observer_));
    }
  }

  /// A module without changes has nothing to deploy.
  static bool is_deployed(const Module& module, const RegistryState& state) {
    if (module.plan.changes.empty()) return true;
    return std::any_of(
        state.changes.begin(), state.changes.end(),
        [&](const DeployedChange& change) { return change.package == module.package; });
  }

  TestRunOptions test_options() const {
    TestRunOptions options;
    if (options_.fail_fast) options.after_failure = TestRunOptions::AfterFailure::skip_rest;
    if (options_.strict) options.on_leak = TestRunOptions::OnLeak::fail;
    return options;
  }

  void add(const TestTally& tally) {
    tally_.passed += tally.passed;
    tally_.failed += tally.failed;
    tally_.skipped += tally.skipped;
  }

  void roll_back() {
    const db::StopMask mask(connection_);
    try {
      if (connection_.alive() && connection_.transaction_status() != db::TransactionStatus::idle)
        connection_.exec("ROLLBACK");
    } catch (const Error&) {
      // The connection went away, and the server rolls back by itself.
    }
  }

  void finished(Outcome outcome) {
    report_.done = tally_.passed;
    report_.failed = tally_.failed;
    report_.skipped = tally_.skipped;
    report_.duration = Clock::now() - start_;
    observer_.on_event(RunFinished{"test", outcome, report_.done, report_.skipped, report_.failed,
                                   report_.duration});
    observer_.rethrow("nothing was changed");
  }

  db::Connection& connection_;
  std::vector<PlannedTests> planned_;
  const SqlTestOptions& options_;
  GuardedObserver& observer_;
  std::vector<TestSuite> suites_;
  std::vector<Diagnostic> warnings_;
  TestTally tally_;
  RunReport report_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

std::vector<SqlTestStep> plan_sql_tests(const Workspace& workspace, const Target& target,
                                        const SqlTestOptions& options, std::stop_token stop) {
  const std::vector<const Module*> modules = chosen_in_order(workspace, options.modules);
  std::optional<db::Connection> connection;
  if (!options.pattern.empty()) connection.emplace(open_for_reading(target, std::move(stop)));
  std::vector<SqlTestStep> steps;
  for (const PlannedTests& one :
       plan_for(modules, options.pattern, connection ? &*connection : nullptr))
    for (const TestStep& step : one.plan)
      steps.push_back({one.module->package, step.ordinal, test_step_name(step.kind),
                       shown_test_path(step.path), shown_test_path(step.directory), step.depth});
  return steps;
}

RunReport run_sql_tests(const Workspace& workspace, const Target& target,
                        const SqlTestOptions& options, Observer& observer, std::stop_token stop) {
  const std::vector<const Module*> modules = chosen_in_order(workspace, options.modules);
  GuardedObserver guarded(observer, std::move(stop));
  db::Connection connection = open_for_writing(target, options, guarded.stop_token());
  return SqlTestRun(connection, plan_for(modules, options.pattern, &connection), options, guarded)
      .run();
}

}  // namespace pgpm
