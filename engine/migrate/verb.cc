#include "engine/migrate/verb.h"

#include "engine/migrate/missing_rights.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/run.h"

namespace pgpm {

void Approver::ask(const Worklist& worklist) {
  if (!approve_ || worklist.empty()) return;
  std::set<std::string> steps;
  for (const ModuleSteps& module : worklist.modules) {
    for (const Step& step : module.steps) steps.insert(step.module + ":" + step.change);
    for (const std::string& tag : module.late_tags) steps.insert(module.module + ":@" + tag);
    for (const ObjectChange& object : module.objects)
      steps.insert(module.module + ":" + object.kind + " " + object.name);
  }
  const bool known = !approved_.empty() &&
                     std::includes(approved_.begin(), approved_.end(), steps.begin(), steps.end());
  if (known) return;
  if (!approve_(worklist)) {
    throw Error(ErrorCode::approval, worklist.command + " was not approved")
        .leaving("nothing was changed");
  }
  approved_ = std::move(steps);
}

VerbRun::VerbRun(std::string command, const RunOptions& options, Observer& observer,
                 std::stop_token stop)
    : command_(std::move(command)),
      options_(options),
      observer_(observer, std::move(stop)),
      start_(std::chrono::steady_clock::now()) {}

RunReport VerbRun::guard(const std::function<RunReport()>& body) {
  try {
    const RunReport report = body();
    observer_.rethrow("the run was completed");
    return report;
  } catch (Error& error) {
    if (started_)
      finished(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
    error.leaving(state_after(error));
    observer_.rethrow(error.database_state());
    throw;
  }
}

/// Before run() there is nothing it could have changed, but for making the database.
std::string VerbRun::state_after(const Error& error) const {
  const std::string nothing = "nothing was changed";
  std::string state = error.database_state().empty() ? nothing : error.database_state();
  if (!report_.database_created) return state;
  return "the database was created; " + (state == nothing ? "nothing else was changed" : state);
}

void VerbRun::started(const Worklist& worklist) {
  RunStarted event{command_, worklist.database, {}, worklist.changes()};
  for (const ModuleSteps& module : worklist.modules) event.modules.push_back(module.module);
  report_.skipped = worklist.skipped();
  started_ = true;
  observer_.on_event(event);
  for (const Diagnostic& warning : worklist.warnings)
    observer_.on_event(WarningRaised{{}, {}, warning});
}

void VerbRun::finished(Outcome outcome) {
  started_ = false;
  report_.duration = std::chrono::steady_clock::now() - start_;
  observer_.on_event(RunFinished{command_, outcome, report_.done, report_.skipped, report_.failed,
                                 report_.duration});
}

RunReport VerbRun::nothing_to_do(const Worklist& worklist) {
  started(worklist);
  finished(Outcome::ok);
  return report_;
}

RunReport VerbRun::run(db::Connection& connection, const Worklist& worklist,
                       const std::function<void()>& prepare_ledger) {
  started(worklist);
  require_rights(connection, worklist);
  prepare_ledger();
  std::vector<std::string> modules;
  for (const ModuleSteps& module : worklist.modules) {
    if (!module.steps.empty() || !module.late_tags.empty() || !module.objects.empty())
      modules.push_back(module.module);
  }
  RunRow row(connection, command_, options_, modules);
  try {
    if (pgpm::run(connection, worklist, options_, row.id(), observer_, report_)) row.is_finished();
  } catch (const Error& error) {
    report_.failed = 1;
    row.finish(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed,
               error_code_name(error.code()));
    throw;
  }
  row.finish(Outcome::ok);
  finished(Outcome::ok);
  return report_;
}

}  // namespace pgpm
