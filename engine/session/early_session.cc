#include "engine/session/early_session.h"

#include <utility>

#include "engine/db/conninfo.h"
#include "engine/db/preflight.h"
#include "engine/session/session_objects.h"

namespace pgpm {

namespace {

db::Connection open_session(const Target& target, PlanFiles plan_files, std::stop_token stop) {
  db::Connection connection = db::Connection::open(target, std::move(stop));
  try {
    db::preflight(connection, db::Intent::write);
    begin_session_objects(connection, plan_files);
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): found again by who takes the session
  }
  return connection;
}

}  // namespace

std::shared_ptr<EarlySession> begin_session(const Target& given, const SessionOptions& options,
                                            std::stop_token stop) {
  if (options.fresh_login || options.database == SessionOptions::Database::overwrite)
    return nullptr;
  const Target target = db::with_dsn_apart(given);
  if (!db::is_on_this_machine(target)) return nullptr;
  return std::make_shared<EarlySession>(
      [target, files = plan_files(options)](std::stop_token given_up) {
        return open_session(target, files, std::move(given_up));
      },
      std::move(stop));
}

}  // namespace pgpm
