// test_session(): a project's tests by themselves.
#include <fmt/format.h>

#include "engine/db/preflight.h"
#include "engine/model/guarded_observer.h"
#include "engine/session/deadline.h"
#include "engine/session/parameters.h"
#include "engine/session/secrets.h"
#include "engine/session/server_access.h"
#include "engine/session/session_objects.h"
#include "engine/testing/test_pattern.h"
#include "engine/testing/test_run.h"
#include "engine/testing/test_suite.h"
#include "pgpm/session.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

std::vector<TestStep> wanted_steps(db::Connection& connection, const SessionProject& project,
                                   const std::string& pattern) {
  std::vector<TestStep> steps = plan_tests(project.test_paths);
  if (!pattern.empty()) {
    const auto matching = matching_paths(connection, project.test_paths, pattern);
    steps = plan_tests(project.test_paths,
                       [&](const std::string& path) { return matching.contains(path); });
  }
  if (count_tests(steps) > 0) return steps;
  throw Error(ErrorCode::configuration, pattern.empty()
                                            ? "the project has no tests"
                                            : fmt::format("no tests match the pattern {}", pattern))
      .hint("tests are SQL files below __test__; `pgpm session plan` lists them");
}

void require_runnable(const TestSuite& suite) {
  std::vector<Diagnostic> errors;
  for (const Diagnostic& problem : suite.problems())
    if (problem.severity == Severity::error) errors.push_back(problem);
  if (!errors.empty())
    throw Error(ErrorCode::configuration, "tests refused").with(std::move(errors));
}

TestTally run_suite(db::Connection& connection, const TestSuite& suite,
                    const SessionTestOptions& options, Observer& observer) {
  TestRunOptions how;
  if (options.fail_fast) how.after_failure = TestRunOptions::AfterFailure::skip_rest;
  connection.exec("BEGIN");
  const TestTally tally = run_tests(connection, suite, how, observer);
  connection.exec("ROLLBACK");
  return tally;
}

SessionReport run(const SessionProject& project, const Target& target,
                  const SessionTestOptions& options, const SessionParameters& parameters,
                  GuardedObserver& observer) {
  const Clock::time_point start = Clock::now();
  db::Connection connection = ServerAccess(target, options, observer, observer.stop_token()).open();
  if (!has_open_session_objects(connection)) db::preflight(connection, db::Intent::write);
  load_session_objects(connection, project, parameters, PlanFiles::sql_only);
  const TestSuite suite = load_test_suite(project.name, project.root,
                                          wanted_steps(connection, project, options.pattern));
  require_runnable(suite);
  observer.on_event(
      RunStarted{"session test", connection.database(), {project.name}, 0, suite.scripts.size()});
  TestTally tally;
  const auto finished = [&](Outcome outcome) {
    observer.on_event(RunFinished{"session test", outcome, tally.passed, tally.skipped,
                                  tally.failed, Clock::now() - start});
  };
  try {
    tally = run_suite(connection, suite, options, observer);
  } catch (const Error& error) {
    finished(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
    throw;
  }
  finished(tally.failed == 0 ? Outcome::ok : Outcome::failed);
  if (tally.failed > 0)
    throw Error(ErrorCode::verification_failed,
                fmt::format("{} of {} checks failed", tally.failed,
                            tally.failed + tally.passed + tally.skipped))
        .leaving("nothing was changed");
  SessionReport report;
  report.files = project.files_read();
  report.checks = tally.passed;
  return report;
}

}  // namespace

SessionReport test_session(const SessionProject& project, const Target& target,
                           const SessionTestOptions& options, Observer& observer,
                           std::stop_token stop) {
  const SessionParameters parameters = checked_parameters(options.parameters);
  const Secrets secrets(parameters, options.secrets);
  DiscreetObserver discreet(observer, secrets);
  const Deadline deadline(options.timeout, std::move(stop));
  GuardedObserver guarded(discreet, deadline.stop());
  try {
    const SessionReport report = run(project, target, options, parameters, guarded);
    guarded.rethrow("nothing was changed");
    return report;
  } catch (const Error& error) {
    guarded.rethrow("nothing was changed");
    if (error.code() != ErrorCode::interrupted || !deadline.has_passed())
      throw secrets.without(error);
    throw Error(ErrorCode::timed_out, "the time limit is over")
        .hint("give it more time with --timeout")
        .leaving("nothing was changed");
  }
}

}  // namespace pgpm
