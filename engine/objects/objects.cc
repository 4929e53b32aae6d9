// The verbs: a run in a transaction that is committed, or rolled back.
#include "pgpm/objects.h"

#include <chrono>

#include "engine/db/advisory_lock.h"
#include "engine/db/preflight.h"
#include "engine/objects/news.h"
#include "engine/objects/own_transaction.h"
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

enum class News { told, untold };

ObjectReport run(db::Connection& connection, const ObjectOptions& options,
                 objects::Recording recording, const ObjectStepDone& done,
                 News news = News::untold) {
  const auto begun = Clock::now();
  objects::OwnTransaction transaction(connection);
  objects::ObjectRun run(connection, options, done);
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
    if (news == News::told) objects::tell_succeeded(connection, report);
    transaction.commit();
  }
  report.duration = Clock::now() - begun;
  return report;
}

/// What a run would do, as far as it can be told beforehand. One that will fail is breaking.
ObjectReport foreseen(db::Connection& connection, const ObjectOptions& options) {
  try {
    return run(connection, options, objects::Recording::no, {});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::sql && error.code() != ErrorCode::refused) throw;
    ObjectReport report;
    report.compatibility = Compatibility::breaking;
    report.steps.emplace_back();
    return report;
  }
}

ObjectReport run_and_tell(db::Connection& connection, const ObjectOptions& options,
                          const ObjectStepDone& done) {
  const ObjectReport planned = foreseen(connection, options);
  if (planned.nothing_to_do()) return run(connection, options, objects::Recording::yes, done);
  objects::tell_initiated(connection, planned);
  try {
    return run(connection, options, objects::Recording::yes, done, News::told);
  } catch (const Error& error) {
    objects::tell_failed(connection, planned, error);
    throw;
  }
}

}  // namespace

ObjectReport plan_objects(const Target& target, const ObjectOptions& options,
                          std::stop_token stop) {
  db::Connection connection = db::Connection::open(with_limits(target, options), std::move(stop));
  db::preflight(connection, db::Intent::read);
  return run(connection, options, objects::Recording::no, {});
}

ObjectReport apply_objects(const Target& target, const ObjectOptions& options, std::stop_token stop,
                           const ObjectStepDone& done) {
  db::Connection connection = db::Connection::open(with_limits(target, options), std::move(stop));
  db::preflight(connection, db::Intent::write);
  const auto lock = db::RunLock::acquire(connection, options.lock_wait, {});
  return options.notifies ? run_and_tell(connection, options, done)
                          : run(connection, options, objects::Recording::yes, done);
}

}  // namespace pgpm
