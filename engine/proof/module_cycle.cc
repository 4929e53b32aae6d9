#include "engine/proof/module_cycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/migrate/module_choice.h"
#include "engine/proof/left_behind.h"
#include "engine/sql/quote.h"
#include "pgpm/revert.h"
#include "pgpm/sql_test.h"
#include "pgpm/verify.h"

namespace pgpm::proof {

namespace {

using Clock = std::chrono::steady_clock;

/// Of a verb inside a check: what scripts say, and what fails to verify. The rest is the check's to
/// tell.
class StepObserver final : public Observer {
 public:
  explicit StepObserver(Observer& observer) : observer_(observer) {}

  void on_event(const Event& event) override {
    if (const auto* failed = std::get_if<VerifyFailed>(&event))
      findings.push_back(
          {Severity::error, failed->where,
           fmt::format("{}:{}: {}", failed->module, failed->change, failed->message.message),
           failed->source_line, failed->message.hint});
    const bool said = std::holds_alternative<WarningRaised>(event) ||
                      std::holds_alternative<NoticeRaised>(event) ||
                      std::holds_alternative<LockWaiting>(event);
    if (said) observer_.on_event(event);
  }

  std::vector<Diagnostic> findings;

 private:
  Observer& observer_;
};

/// Passes SQL tests on and counts them.
class TestObserver final : public Observer {
 public:
  TestObserver(Observer& observer, CycleResult& result) : observer_(observer), result_(result) {}

  void on_event(const Event& event) override {
    if (const auto* check = std::get_if<CheckFinished>(&event)) count(*check);
    if (!std::holds_alternative<RunStarted>(event) && !std::holds_alternative<RunFinished>(event) &&
        !std::holds_alternative<ModuleStarted>(event))
      observer_.on_event(event);
  }

 private:
  void count(const CheckFinished& check) {
    result_.passed += check.verdict == Verdict::passed ? 1u : 0u;
    result_.skipped += check.verdict == Verdict::skipped ? 1u : 0u;
    if (check.verdict != Verdict::failed) return;
    ++result_.failed;
    if (!result_.first_failure) result_.first_failure = check.code;
  }

  Observer& observer_;
  CycleResult& result_;
};

Diagnostic finding_of(const Error& error) {
  return {Severity::error, error.where().value_or(SourceLocation{}), error.what(),
          error.source_line(), error.hint()};
}

void describe_failure(CheckFinished& check, const Error& error) {
  check.verdict = Verdict::failed;
  check.code = error.code();
  check.message = error.what();
  if (error.code() == ErrorCode::interrupted) return;  // the run's error says where
  if (error.server()) check.server = *error.server();
  if (!check.findings.empty()) return;
  if (error.where()) check.findings.push_back(finding_of(error));
  const auto& more = error.diagnostics();
  check.findings.insert(check.findings.end(), more.begin(), more.end());
}

std::vector<std::string> extensions_in(const CatalogSnapshot& snapshot) {
  std::vector<std::string> names;
  for (const CatalogObject& object : snapshot.objects)
    if (object.kind == "extension") names.push_back(object.identity);
  return names;
}

}  // namespace

std::size_t cycle_checks(const PackageTestOptions& options) {
  return options.full_cycle ? 6 : 1;
}

ModuleCycle::ModuleCycle(const Workspace& workspace, std::string package,
                         const ScratchDatabase& database, std::optional<CatalogSnapshot> empty,
                         const PackageTestOptions& options, Observer& observer,
                         std::stop_token stop)
    : workspace_(workspace),
      package_(std::move(package)),
      resolution_(resolve(workspace, {package_})),
      target_(database.target()),
      options_(options),
      observer_(observer),
      stop_(std::move(stop)),
      empty_(std::move(empty)) {}

/// A step that failed makes the others meaningless: they are skipped, each with the reason.
template <typename Body>
void ModuleCycle::step(const std::string& name, Body body) {
  observer_.on_event(CheckStarted{CheckKind::cycle, package_, name});
  CheckFinished check;
  check.kind = CheckKind::cycle;
  check.module = package_;
  check.name = name;
  if (!failed_step_.empty()) {
    check.verdict = Verdict::skipped;
    check.message = failed_step_ + " failed";
    finish(std::move(check));
    return;
  }
  const auto start = Clock::now();
  std::optional<Error> interrupt;
  try {
    body(check);
  } catch (const Error& error) {
    describe_failure(check, error);
    if (error.code() == ErrorCode::interrupted) interrupt = error;
  }
  check.duration = Clock::now() - start;
  if (check.verdict == Verdict::failed) failed_step_ = name;
  finish(std::move(check));
  if (interrupt) throw Error(*interrupt);
}

void ModuleCycle::finish(CheckFinished check) {
  switch (check.verdict) {
    case Verdict::passed:
      ++result_.passed;
      break;
    case Verdict::skipped:
      ++result_.skipped;
      break;
    case Verdict::failed:
      ++result_.failed;
      if (!result_.first_failure) result_.first_failure = check.code;
      break;
  }
  observer_.on_event(std::move(check));
}

CatalogSnapshot ModuleCycle::snapshot() const {
  return take_snapshot(target_, {options_.cluster, {}}, stop_);
}

CycleResult ModuleCycle::run() {
  std::size_t changes = 0;
  for (const ResolvedModule& resolved : resolution_.modules)
    changes += resolved.module->plan.changes.size();
  observer_.on_event(ModuleStarted{package_, changes});
  deploy("deploy");
  if (options_.sql_tests && failed_step_.empty()) run_sql_tests();
  if (!options_.full_cycle) return result_;
  verify();
  revert();
  compare("catalog after revert", empty_.value_or(CatalogSnapshot{}), "not restored");
  deploy("deploy again");
  compare("catalog after second deploy", deployed_, "different the second time");
  return result_;
}

void ModuleCycle::deploy(const std::string& step_name) {
  const bool first = step_name == "deploy";
  step(step_name, [&](CheckFinished&) {
    if (first && options_.full_cycle && !empty_) empty_ = snapshot();
    DeployOptions options;
    static_cast<RunOptions&>(options) = options_;
    options.modules = {package_};
    SilentObserver silent;
    StepObserver listening(observer_);
    pgpm::deploy(workspace_, target_, options, first ? static_cast<Observer&>(listening) : silent,
                 stop_);
    if (first && options_.full_cycle) deployed_ = snapshot();
  });
}

void ModuleCycle::run_sql_tests() {
  SqlTestOptions options;
  static_cast<RunOptions&>(options) = options_;
  options.modules = packages_of(resolution_);
  TestObserver observer(observer_, result_);
  try {
    pgpm::run_sql_tests(workspace_, target_, options, observer, stop_);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) throw;
    if (error.code() != ErrorCode::verification_failed)  // else the failed tests are told already
      step("tests", [&](CheckFinished& check) { describe_failure(check, error); });
  }
}

void ModuleCycle::verify() {
  step("verify", [&](CheckFinished& check) {
    VerifyOptions options;
    static_cast<RunOptions&>(options) = options_;
    options.modules = packages_of(resolution_);
    StepObserver listening(observer_);
    try {
      pgpm::verify(workspace_, target_, options, listening, stop_);
    } catch (const Error& error) {
      check.findings = std::move(listening.findings);
      describe_failure(check, error);
      if (error.code() == ErrorCode::interrupted) throw;
    }
  });
}

/// Everything that was deployed, so that the revert scripts of what the module requires run as
/// well.
void ModuleCycle::revert() {
  step("revert", [&](CheckFinished&) {
    RevertOptions options;
    static_cast<RunOptions&>(options) = options_;
    options.modules = packages_of(resolution_);
    options.reach = RevertReach::all;
    StepObserver listening(observer_);
    pgpm::revert(workspace_, target_, options, listening, stop_);
    drop_created_extensions();
  });
}

/// Native extensions are made by deploy itself, not by scripts: they go as they came. One that
/// something still needs stays, and what needs it is what the comparison names.
void ModuleCycle::drop_created_extensions() const {
  const std::vector<std::string> before = extensions_in(*empty_);
  const CatalogSnapshot now = snapshot();
  std::vector<std::string> created = extensions_in(now);
  std::erase_if(created, [&](const std::string& name) {
    return std::find(before.begin(), before.end(), name) != before.end() ||
           creates_extension(resolution_, name);
  });
  db::Connection connection = db::Connection::open(target_, stop_);
  for (bool progress = true; progress && !created.empty();) {
    progress = std::erase_if(created, [&](const std::string& name) {
                 try {
                   connection.exec("DROP EXTENSION " + name);  // an identity is quoted already
                   return true;
                 } catch (const Error& error) {
                   if (error.code() != ErrorCode::sql) throw;
                   return false;
                 }
               }) > 0;
  }
}

void ModuleCycle::compare(const std::string& step_name, const CatalogSnapshot& before,
                          const std::string& what) {
  step(step_name, [&](CheckFinished& check) {
    check.differences = difference(before, snapshot());
    if (check.differences.empty()) return;
    check.verdict = Verdict::failed;
    check.code = ErrorCode::proof_failed;
    check.findings = step_name == "catalog after revert"
                         ? left_behind_findings(resolution_, check.differences)
                         : made_differently_findings(resolution_, check.differences);
    const std::size_t objects = check.findings.size();
    check.message = fmt::format("{}: {} object{}", what, objects, objects == 1 ? "" : "s");
  });
}

}  // namespace pgpm::proof
