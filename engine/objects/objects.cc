// The verbs: a run in a transaction that is committed, or rolled back.
#include "pgpm/objects.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "engine/db/advisory_lock.h"
#include "engine/db/own_transaction.h"
#include "engine/db/preflight.h"
#include "engine/objects/news.h"
#include "engine/objects/run.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

Target with_limits(Target target, const ObjectOptions& options) {
  if (!options.lock_timeout.empty())
    target.settings.emplace_back("lock_timeout", options.lock_timeout);
  if (!options.statement_timeout.empty())
    target.settings.emplace_back("statement_timeout", options.statement_timeout);
  return target;
}

using BeforeCommit = std::function<void(ObjectReport&)>;

using Early = std::shared_ptr<objects::EarlyDeclarations>;

/// The files are read while the server answers: they are more work than all it is asked.
Early read_early(const ObjectOptions& options) {
  const std::string& code_dir = options.files.code_dir;
  return code_dir.empty() ? nullptr : std::make_shared<objects::EarlyDeclarations>(code_dir);
}

ObjectReport run(db::Connection& connection, const ObjectOptions& options, Early early,
                 objects::Recording recording, const ObjectStepDone& done,
                 const BeforeCommit& before_commit = {}) {
  const auto begun = Clock::now();
  db::OwnTransaction transaction(connection);
  objects::RunSubject subject;
  subject.early = std::move(early);
  objects::ObjectRun run(connection, options, done, std::move(subject));
  try {
    run.prepare();
    if (run.has_work()) run.execute(recording);
  } catch (Error& error) {
    if (error.database_state().empty() && error.code() != ErrorCode::connection)
      error.leaving("nothing was changed");
    throw;
  }
  ObjectReport report = run.take_report();
  if (recording == objects::Recording::yes && run.has_work_done()) {
    if (before_commit) before_commit(report);
    transaction.commit();
  }
  report.duration = Clock::now() - begun;
  return report;
}

/// What a run would have done is not known if it fails: then it counts as breaking.
ObjectReport failed_run() {
  ObjectReport report;
  report.compatibility = Compatibility::breaking;
  return report;
}

/// By a session of its own: what the run's says is heard after its commit.
void tell_initiated_beside(const Target& target, ObjectReport& report) {
  try {
    db::Connection beside = db::Connection::open(target);
    objects::tell_initiated(beside, report);
  } catch (const Error& error) {
    report.warnings.push_back({Severity::warning,
                               {},
                               std::string("pgmg.apply_initiated was not told: ") + error.what(),
                               "",
                               ""});
  }
}

ObjectReport run_and_tell(db::Connection& connection, const Target& target,
                          const ObjectOptions& options, Early early, const ObjectStepDone& done) {
  std::optional<ObjectReport> told;
  const auto tell = [&](ObjectReport& report) {
    if (report.nothing_to_do()) return;
    tell_initiated_beside(target, report);
    told = report;
    objects::tell_succeeded(connection, report);
  };
  try {
    return run(connection, options, std::move(early), objects::Recording::yes, done, tell);
  } catch (const Error& error) {
    const bool was_tried =
        error.code() == ErrorCode::sql || error.code() == ErrorCode::refused || told;
    if (!was_tried || !connection.alive()) throw;
    objects::tell_failed(connection, told ? objects::Told::initiated : objects::Told::nothing,
                         told.value_or(failed_run()), error);
    throw;
  }
}

}  // namespace

ObjectReport plan_objects(const Target& target, const ObjectOptions& options,
                          std::stop_token stop) {
  Early early = read_early(options);
  db::Connection connection = db::Connection::open(with_limits(target, options), std::move(stop));
  db::preflight(connection, db::Intent::read);
  return run(connection, options, std::move(early), objects::Recording::no, {});
}

ObjectReport apply_objects(const Target& target, const ObjectOptions& options, std::stop_token stop,
                           const ObjectStepDone& done) {
  Early early = read_early(options);
  db::Connection connection = db::Connection::open(with_limits(target, options), std::move(stop));
  db::preflight(connection, db::Intent::write);
  const auto lock = db::RunLock::acquire(connection, options.lock_wait, {});
  return options.notifies
             ? run_and_tell(connection, target, options, std::move(early), done)
             : run(connection, options, std::move(early), objects::Recording::yes, done);
}

}  // namespace pgpm
