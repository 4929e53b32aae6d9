#include <fmt/format.h>

#include <chrono>
#include <list>
#include <optional>
#include <utility>

#include "engine/catalog/partial_snapshot.h"
#include "engine/db/preflight.h"
#include "engine/migrate/module_choice.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/script_hashes.h"
#include "engine/model/guarded_observer.h"
#include "engine/proof/change_proof.h"
#include "engine/proof/left_roles.h"
#include "engine/proof/object_proof.h"
#include "engine/proof/prove_plan.h"
#include "engine/proof/scratch_database.h"
#include "engine/registry/registry.h"
#include "pgpm/proof.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;
using namespace proof;  // NOLINT(google-build-using-namespace): its own verb

/// The changes of a plan in order, and the verdicts as they come.
class ProofRun {
 public:
  ProofRun(db::Connection& connection, const ProofPlan& plan, const ProveOptions& options,
           Observer& observer, RunReport& report)
      : connection_(connection),
        plan_(plan),
        snapshot_{options.cluster, {}},
        unproven_(options.strict ? UnprovenVerify::fail : UnprovenVerify::warn),
        observer_(observer),
        report_(report) {}

  void run() {
    registry::install(connection_);
    now_ = catalog::read_whole(connection_, snapshot_);
    written_ = now_.written();
    for (const ProofModule& module : plan_.modules) run_module(module);
    if (stopped_at_.empty()) check_looks();
  }

  /// What the run ends with, if a check failed.
  std::optional<Error> failure() const;

 private:
  /// A verdict that waits for the end of its module.
  struct Waiting {
    ChangeProof proof;
    Seconds duration;
  };

  void run_module(const ProofModule& module);
  void begin_module(const ProofModule& module);
  void run_step(const ProofStep& step);
  void prove(const ProofStep& step);
  void settle_waiting();
  void check_looks();
  void prove_objects(const ProofModule& module);
  void skip(const std::string& module, const std::string& name);
  void finish(CheckFinished verdict, Seconds duration);
  void listen_to(const ProofStep& step);

  db::Connection& connection_;
  const ProofPlan& plan_;
  const SnapshotOptions snapshot_;
  const UnprovenVerify unproven_;
  Observer& observer_;
  RunReport& report_;
  catalog::PartedSnapshot now_;
  std::optional<catalog::WrittenCatalogs> written_;
  std::list<Waiting> waiting_;
  std::string stopped_at_;  // the change that could not be deployed
  std::vector<std::string> failed_;
  ErrorCode first_failure_ = ErrorCode::other;
};

void ProofRun::run_module(const ProofModule& module) {
  observer_.on_event(ModuleStarted{module.module, module.steps.size()});
  if (stopped_at_.empty()) begin_module(module);
  for (const ProofStep& step : module.steps) {
    if (stopped_at_.empty())
      run_step(step);
    else
      skip(step.deploy.step.module, step.deploy.step.change);
  }
  if (module.objects) prove_objects(module);
  settle_waiting();
}

/// Native extensions are what a module finds, not what its changes make.
void ProofRun::begin_module(const ProofModule& module) {
  for (const std::string& extension : module.extensions) {
    connection_.exec(create_extension_sql(extension));
    observer_.on_event(ExtensionCreated{extension, module.module});
  }
  connection_.exec(registry::register_package_sql(module.module));
  if (!module.extensions.empty()) now_ = catalog::read_whole(connection_, snapshot_);
}

void ProofRun::run_step(const ProofStep& step) {
  const Step& change = step.deploy.step;
  observer_.on_event(CheckStarted{CheckKind::proof, change.module, change.change});
  const auto start = Clock::now();
  try {
    prove(step);
  } catch (const Error& error) {
    CheckFinished verdict{CheckKind::proof,
                          change.module,
                          change.change,
                          Verdict::failed,
                          error.code(),
                          std::string(error.what()),
                          {},
                          {},
                          {},
                          {}};
    finish(std::move(verdict), Clock::now() - start);
    throw;
  }
}

void ProofRun::prove(const ProofStep& step) {
  const auto start = Clock::now();
  listen_to(step);
  waiting_.push_back(
      {ChangeProof(connection_, step, std::move(now_), *written_, snapshot_, unproven_), {}});
  ChangeProof& proof = waiting_.back().proof;
  proof.prove();
  connection_.on_notice({});
  now_ = proof.catalog();
  waiting_.back().duration = Clock::now() - start;
  if (!proof.is_deployed()) stopped_at_ = step.deploy.step.module + ":" + step.deploy.step.change;
  if (proof.waits()) return;
  const CheckFinished verdict = proof.verdict();
  const Seconds duration = waiting_.back().duration;
  waiting_.pop_back();
  finish(verdict, duration);
}

void ProofRun::settle_waiting() {
  for (; !waiting_.empty(); waiting_.pop_front()) {
    const auto start = Clock::now();
    ChangeProof& proof = waiting_.front().proof;
    proof.judge_late();
    finish(proof.verdict(), waiting_.front().duration + (Clock::now() - start));
  }
}

/// Looks read what moved only. What they have come to is held against all there is, once.
void ProofRun::check_looks() {
  const auto unseen = without_parts(difference(now_, catalog::read_whole(connection_, snapshot_)));
  if (unseen.empty()) return;
  throw Error(ErrorCode::proof_failed,
              fmt::format("something changed unseen while changes were proven: {}",
                          describe(unseen.front())))
      .hint(
          "A script makes another session write (dblink, a background worker), or hides what it "
          "writes. Such a change cannot be proven.");
}

/// They may be what late verify scripts wait for.
void ProofRun::prove_objects(const ProofModule& module) {
  if (!stopped_at_.empty()) return skip(module.module, object_check);
  observer_.on_event(CheckStarted{CheckKind::proof, module.module, object_check});
  const auto start = Clock::now();
  ObjectProof proof(connection_, module.module, module.objects, std::move(now_), snapshot_);
  proof.prove();
  now_ = proof.catalog();
  if (!proof.are_there()) stopped_at_ = fmt::format("{}:{}", module.module, object_check);
  finish(proof.verdict(), Clock::now() - start);
}

void ProofRun::skip(const std::string& module, const std::string& name) {
  observer_.on_event(CheckStarted{CheckKind::proof, module, name});
  CheckFinished verdict;
  verdict.kind = CheckKind::proof;
  verdict.module = module;
  verdict.name = name;
  verdict.verdict = Verdict::skipped;
  verdict.message = fmt::format("not reached: {} could not be deployed", stopped_at_);
  finish(std::move(verdict), {});
}

void ProofRun::finish(CheckFinished verdict, Seconds duration) {
  verdict.duration = duration;
  switch (verdict.verdict) {
    case Verdict::passed:
      ++report_.done;
      break;
    case Verdict::skipped:
      ++report_.skipped;
      break;
    case Verdict::failed:
      if (failed_.empty()) first_failure_ = verdict.code;
      failed_.push_back(verdict.module + ":" + verdict.name);
      ++report_.failed;
      break;
  }
  observer_.on_event(std::move(verdict));
}

void ProofRun::listen_to(const ProofStep& step) {
  const Step& change = step.deploy.step;
  connection_.on_notice([this, &change](const ServerMessage& message) {
    observer_.on_event(NoticeRaised{change.module, change.change, message});
  });
}

std::optional<Error> ProofRun::failure() const {
  if (failed_.empty()) return std::nullopt;
  const std::size_t all = plan_.checks();
  const char* const what = plan_.checks() == plan_.changes() ? "change" : "check";
  return Error(
      first_failure_,
      fmt::format("{} of {} {}{} {} not proven: {}", failed_.size(), all, what, all == 1 ? "" : "s",
                  failed_.size() == 1 ? "is" : "are", fmt::join(failed_, ", ")));
}

Resolution resolve_for(const Workspace& workspace, const ProveOptions& options) {
  require_sound(workspace);
  return resolve(workspace, options.modules,
                 options.recursive ? Closure::with_required : Closure::only_named);
}

/// Emits RunStarted and, whatever happens, RunFinished; before that, what `epilogue` has to say.
RunReport run_proof(db::Connection& connection, const ProofPlan& plan, const ProveOptions& options,
                    GuardedObserver& observer, const std::function<void()>& epilogue) {
  const auto start = Clock::now();
  RunStarted started{"prove", connection.database(), {}, plan.changes(), plan.checks()};
  for (const ProofModule& module : plan.modules) started.modules.push_back(module.module);
  observer.on_event(started);
  for (const Diagnostic& warning : plan.warnings) observer.on_event(WarningRaised{{}, {}, warning});
  RunReport report;
  const auto finished = [&](Outcome outcome) {
    report.duration = Clock::now() - start;
    observer.on_event(
        RunFinished{"prove", outcome, report.done, report.skipped, report.failed, report.duration});
  };
  ProofRun run(connection, plan, options, observer, report);
  try {
    run.run();
  } catch (const Error& error) {
    finished(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
    observer.rethrow({});
    throw;
  }
  epilogue();
  const std::optional<Error> failure = run.failure();
  finished(failure ? Outcome::failed : Outcome::ok);
  observer.rethrow({});
  if (failure) throw Error(*failure);
  return report;
}

}  // namespace

RunReport prove(const Workspace& workspace, const Target& server, const ProveOptions& options,
                Observer& observer, std::stop_token stop) {
  const Resolution resolution = resolve_for(workspace, options);
  GuardedObserver guarded(observer, std::move(stop));
  std::optional<LeftRoles> roles;
  if (options.cluster == ClusterObjects::leave_out) roles.emplace(server, guarded.stop_token());
  drop_abandoned_databases(server, guarded.stop_token());
  const ScratchDatabase scratch(server, guarded.stop_token());
  db::Connection connection = open_for_writing(scratch.target(), options, guarded.stop_token());
  const ExtensionFacts extensions =
      read_extension_facts(connection, required_extensions(resolution));
  const ObjectFacts objects = read_object_facts(connection, modules_of(resolution), {});
  const ProofPlan plan = plan_proof(resolution, extensions, options, objects);
  return run_proof(connection, plan, options, guarded, [&] {
    if (!roles) return;
    for (const Diagnostic& warning : roles->warnings(resolution))
      guarded.on_event(WarningRaised{{}, {}, warning});
  });
}

}  // namespace pgpm
