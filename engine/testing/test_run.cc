// Savepoints: "pgpm_directory" before a directory's fixture, "pgpm_tests" behind it; those of
// directories inside hide those of the ones around them. A savepoint must stand before the message
// of a script is sent, because a syntax error fails the whole message.
#include "engine/testing/test_run.h"

#include <fmt/format.h>

#include <chrono>

#include "engine/db/batch.h"
#include "engine/testing/leak.h"
#include "engine/testing/tap.h"

namespace pgpm {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = TestStep::Kind;

constexpr const char* enter_directory = "SAVEPOINT pgpm_directory";
constexpr const char* leave_directory =
    "ROLLBACK TO SAVEPOINT pgpm_directory; RELEASE SAVEPOINT pgpm_directory";
constexpr const char* before_tests = "SAVEPOINT pgpm_tests";
constexpr const char* undo_test = "ROLLBACK TO SAVEPOINT pgpm_tests";
constexpr const char* is_pgtap_there =
    "SELECT 1 FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) 'pgtap'";

/// A directory on the way to the running step.
struct Level {
  std::string directory;
  bool has_tests = false;   // the savepoint in front of them is set
  std::string failed_file;  // the fixture that failed, as people see it
};

/// What a script answered.
struct Answer {
  std::optional<db::BatchFailure> failure;
  TapReader tap;
  bool pgtap = false;  // the extension was there at the script's end
};

CheckFinished check_of(const std::string& module, const std::string& name) {
  CheckFinished check;
  check.kind = CheckKind::sql_test;
  check.module = module;
  check.name = name;
  return check;
}

void fail(CheckFinished& check, std::string message) {
  check.verdict = Verdict::failed;
  check.code = ErrorCode::verification_failed;
  check.message = std::move(message);
}

class SuiteRun {
 public:
  SuiteRun(db::Connection& connection, const TestSuite& suite, const TestRunOptions& options,
           Observer& observer)
      : connection_(connection),
        suite_(suite),
        options_(options),
        observer_(observer),
        leaks_(connection) {
    former_ = connection_.on_notice([this](const ServerMessage& message) {
      observer_.on_event(NoticeRaised{suite_.module, running_, message});
    });
  }
  ~SuiteRun() { connection_.on_notice(std::move(former_)); }
  SuiteRun(const SuiteRun&) = delete;
  SuiteRun& operator=(const SuiteRun&) = delete;

  TestTally run() {
    for (const TestStep& step : suite_.plan) {
      if (step.kind == Kind::teardown)
        tear_down(step);
      else
        run_step(step);
    }
    warn_of_locks();
    return tally_;
  }

 private:
  void run_step(const TestStep& step);
  void enter(const TestStep& step);
  void tear_down(const TestStep& step);
  std::string reason_to_skip() const;
  void judge(const TestStep& step, CheckFinished& check);
  Answer send(const TestStep& step);
  void undo(const TestStep& step, const db::BatchFailure& failure, CheckFinished& check);
  bool ends_session(const db::BatchFailure& failure) const;
  [[noreturn]] void give_up(const TestStep& step, const db::BatchFailure& failure,
                            CheckFinished& check);
  void judge_tap(const TestStep& step, const TapReader& tap, CheckFinished& check) const;
  void judge_leaks(const TestStep& step, CheckFinished& check);
  void finish(CheckFinished check);
  void warn_of_locks();
  const sql::Script& script_of(const TestStep& step) const { return *suite_.scripts.at(step.path); }

  db::Connection& connection_;
  const TestSuite& suite_;
  const TestRunOptions& options_;
  Observer& observer_;
  LeakDetector leaks_;
  db::Connection::NoticeReceiver former_;
  std::vector<Level> levels_;
  TestTally tally_;
  std::string running_;  // name of the check
  Clock::time_point start_;
};

void SuiteRun::run_step(const TestStep& step) {
  running_ = shown_test_path(step.path);
  start_ = Clock::now();
  observer_.on_event(CheckStarted{CheckKind::sql_test, suite_.module, running_});
  CheckFinished check = check_of(suite_.module, running_);
  check.message = reason_to_skip();
  check.verdict = check.message.empty() ? Verdict::passed : Verdict::skipped;
  if (check.verdict == Verdict::passed) {
    enter(step);
    judge(step, check);
  }
  finish(std::move(check));
}

std::string SuiteRun::reason_to_skip() const {
  for (const Level& level : levels_)
    if (!level.failed_file.empty()) return fmt::format("needs {}, which failed", level.failed_file);
  const bool rest =
      options_.after_failure == TestRunOptions::AfterFailure::skip_rest && tally_.failed > 0;
  return rest ? "another test failed before" : "";
}

void SuiteRun::enter(const TestStep& step) {
  if (levels_.empty() || levels_.back().directory != step.directory) {
    connection_.exec(enter_directory);
    levels_.push_back({step.directory, false, {}});
  }
  if (step.kind == Kind::fixture || levels_.back().has_tests) return;
  connection_.exec(before_tests);
  levels_.back().has_tests = true;
}

/// A directory that nothing was run in was not entered.
void SuiteRun::tear_down(const TestStep& step) {
  if (levels_.empty() || levels_.back().directory != step.directory) return;
  connection_.exec(leave_directory);
  levels_.pop_back();
}

void SuiteRun::judge(const TestStep& step, CheckFinished& check) {
  const Answer answer = send(step);
  if (answer.failure)
    undo(step, *answer.failure, check);
  else if (answer.pgtap && answer.tap.has_tap())
    judge_tap(step, answer.tap, check);
  if (check.verdict == Verdict::failed && step.kind == Kind::fixture)
    levels_.back().failed_file = check.name;
  judge_leaks(step, check);
}

Answer SuiteRun::send(const TestStep& step) {
  Answer answer;
  db::Batch batch;
  batch.add_script(suite_.scripts.at(step.path), 0);
  batch.add(is_pgtap_there, 0);
  if (step.kind == Kind::test) batch.add(undo_test, 0);
  const auto row = [&](std::size_t fragment, std::size_t statement, const db::Result& result) {
    if (fragment == 0 && result.columns() == 1)
      answer.tap.read(result.text(0, 0), statement);
    else if (fragment == 1)
      answer.pgtap = true;
  };
  answer.failure = db::run_batch(connection_, batch, {}, row);
  return answer;
}

bool SuiteRun::ends_session(const db::BatchFailure& failure) const {
  return failure.interrupted || failure.lost_connection ||
         connection_.transaction_status() == db::TransactionStatus::idle;
}

void SuiteRun::undo(const TestStep& step, const db::BatchFailure& failure, CheckFinished& check) {
  if (ends_session(failure)) give_up(step, failure, check);
  connection_.exec(step.kind == Kind::test ? undo_test : "ROLLBACK TO SAVEPOINT pgpm_directory");
  fail(check, failure.message.message);
  check.server = failure.message;
  check.findings.push_back(
      {Severity::error,
       failure.where.value_or(SourceLocation{script_of(step).source().file(), 0, 0}),
       failure.message.message,
       failure.source_line,
       {}});
}

void SuiteRun::give_up(const TestStep& step, const db::BatchFailure& failure,
                       CheckFinished& check) {
  const ErrorCode code = failure.interrupted       ? ErrorCode::interrupted
                         : failure.lost_connection ? ErrorCode::connection
                                                   : ErrorCode::sql;
  Error error(code, failure.interrupted ? std::string("interrupted")
                                        : fmt::format("test {} of {} failed: {}", check.name,
                                                      suite_.module, failure.message.message));
  if (failure.where) error.at(*failure.where, failure.source_line);
  error.from_server(failure.message);
  check.verdict = failure.interrupted ? Verdict::skipped : Verdict::failed;
  check.code = code;
  check.message = failure.message.message;
  check.server = failure.message;
  check.findings.push_back(
      {Severity::error,
       failure.where.value_or(SourceLocation{script_of(step).source().file(), 0, 0}),
       failure.message.message,
       failure.source_line,
       {}});
  finish(check);
  throw Error(error);
}

void SuiteRun::judge_tap(const TestStep& step, const TapReader& tap, CheckFinished& check) const {
  const sql::Script& script = script_of(step);
  for (const TapFailure& failure : tap.failures()) {
    const std::size_t offset = script.statements()[failure.place].begin;
    check.findings.push_back(
        {Severity::error, script.source().location(offset),
         fmt::format("not ok {}{}{}", failure.number, failure.description.empty() ? "" : " - ",
                     failure.description),
         std::string(script.source().line_at(offset)), failure.diagnostics});
  }
  const std::string complaint = tap.complaint();
  if (!complaint.empty())
    check.findings.push_back({Severity::error, {script.source().file(), 0, 0}, complaint, {}, {}});
  if (!tap.failures().empty())
    fail(check, fmt::format("{} of {} assertions failed", tap.failures().size(), tap.assertions()));
  else if (!complaint.empty())
    fail(check, complaint);
  else if (tap.skipped()) {
    check.verdict = Verdict::skipped;
    check.message = *tap.skipped();
  }
}

void SuiteRun::judge_leaks(const TestStep& step, CheckFinished& check) {
  const Leaks leaks = step.kind == Kind::fixture ? leaks_.after_fixture() : leaks_.after_test();
  const bool fails = options_.on_leak == TestRunOptions::OnLeak::fail;
  for (const std::string& leak : leaks) {
    const std::string message = "leaves behind " + leak;
    check.findings.push_back({fails ? Severity::error : Severity::warning,
                              {script_of(step).source().file(), 0, 0},
                              message,
                              {},
                              "the rollback behind the test does not undo it"});
    if (fails && check.verdict == Verdict::passed) fail(check, message);
  }
}

void SuiteRun::finish(CheckFinished check) {
  check.duration = Clock::now() - start_;
  tally_.passed += check.verdict == Verdict::passed ? 1 : 0;
  tally_.failed += check.verdict == Verdict::failed ? 1 : 0;
  tally_.skipped += check.verdict == Verdict::skipped ? 1 : 0;
  running_.clear();
  observer_.on_event(check);
}

void SuiteRun::warn_of_locks() {
  for (const std::string& leak : leaks_.at_end())
    observer_.on_event(
        WarningRaised{suite_.module,
                      {},
                      {Severity::warning,
                       {},
                       fmt::format("a fixture of {} leaves behind {}", suite_.module, leak),
                       {},
                       {}}});
}

}  // namespace

TestTally run_tests(db::Connection& connection, const TestSuite& suite,
                    const TestRunOptions& options, Observer& observer) {
  if (suite.empty()) return {};
  return SuiteRun(connection, suite, options, observer).run();
}

TestTally skip_tests(const TestSuite& suite, const std::string& reason, Observer& observer) {
  TestTally tally;
  for (const TestStep& step : suite.plan) {
    if (step.kind == Kind::teardown) continue;
    CheckFinished check = check_of(suite.module, shown_test_path(step.path));
    check.verdict = Verdict::skipped;
    check.message = reason;
    observer.on_event(CheckStarted{check.kind, check.module, check.name});
    observer.on_event(check);
    ++tally.skipped;
  }
  return tally;
}

}  // namespace pgpm
