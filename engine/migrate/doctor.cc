// The database's half of doctor, and the workspace's. Every question is asked, whatever the one
// before it gave: the point is the whole list.
#include "pgpm/doctor.h"

#include <fmt/format.h>

#include "engine/db/preflight.h"
#include "engine/migrate/opening.h"
#include "engine/registry/ledger_query.h"
#include "engine/registry/rights.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

using Status = HealthCheck::Status;

HealthCheck from_error(std::string name, const Error& error) {
  std::string message = redact(error.what());
  if (error.server() && !error.server()->detail.empty())
    message += " (" + redact(error.server()->detail) + ")";
  return {std::move(name), Status::failed, std::move(message), error.hint()};
}

HealthCheck server_check(db::Connection& connection) {
  const int version = connection.server_version();
  HealthCheck check{
      "server",
      Status::ok,
      fmt::format("PostgreSQL {}, database {}, as {}", connection.parameter("server_version"),
                  connection.database(), connection.user()),
      {}};
  if (const auto warning = db::version_warning(version)) {
    check.status = Status::warning;
    check.message += "; " + warning->message;
    check.remedy = warning->hint;
  }
  return check;
}

HealthCheck writing_check(db::Connection& connection) {
  try {
    db::preflight(connection, db::Intent::write);
    return {"writing", Status::ok, "the session takes writes", {}};
  } catch (const Error& error) {
    return from_error("writing", error);
  }
}

HealthCheck ledger_check(const RegistryState& state, registry::Layout layout) {
  switch (layout) {
    case registry::Layout::absent:
      return {"ledger", Status::ok, "there is none yet: the first deploy makes it", {}};
    case registry::Layout::upstream:
      return {"ledger", Status::warning,
              fmt::format("made by upstream pgpm, {} changes deployed", state.changes.size()),
              "it is upgraded with the first write, or now by: pgpm migrate init"};
    case registry::Layout::ours:
      break;
  }
  HealthCheck check{
      "ledger",
      Status::ok,
      fmt::format("version {}, {} changes deployed", state.version, state.changes.size()),
      {}};
  if (state.version > registry::current_version) {
    check.status = Status::failed;
    check.remedy = "a newer pgpm made it: use that one";
  }
  return check;
}

HealthCheck rights_check(db::Connection& connection, int version) {
  const std::vector<Diagnostic> missing =
      registry::missing_rights(connection, version, Action::deploy);
  if (missing.empty()) return {"ledger rights", Status::ok, "the role may write the ledger", {}};
  HealthCheck check{"ledger rights", Status::failed, {}, missing.front().hint};
  for (const Diagnostic& right : missing)
    check.message += (check.message.empty() ? "" : "; ") + right.message;
  return check;
}

HealthCheck interrupted_check(const RegistryState& state) {
  if (state.intents.empty()) return {"interrupted changes", Status::ok, "there are none", {}};
  HealthCheck check{"interrupted changes", Status::warning, {}, "pgpm deploy finishes them"};
  for (const IntentRow& intent : state.intents)
    check.message +=
        fmt::format("{}{}:{}", check.message.empty() ? "" : ", ", intent.package, intent.change);
  return check;
}

HealthCheck run_lock_check(db::Connection& connection) {
  const db::Result rows = connection.query(
      "SELECT l.pid, a.usename, a.application_name FROM pg_catalog.pg_locks AS l"
      " LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid OPERATOR(pg_catalog.=) l.pid"
      " WHERE l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.granted"
      " AND l.database OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database AS d"
      " WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())"
      " AND l.classid OPERATOR(pg_catalog.=) CAST($1 AS pg_catalog.oid)"
      " AND l.objid OPERATOR(pg_catalog.=) CAST($2 AS pg_catalog.oid)",
      {fmt::to_string(db::RunLock::key_class), fmt::to_string(db::RunLock::key_object)});
  if (rows.rows() == 0) return {"run lock", Status::ok, "nobody holds it", {}};
  return {
      "run lock", Status::warning,
      fmt::format("held by process {} of {} ({})", rows.str(0, 0), rows.str(0, 1), rows.str(0, 2)),
      "wait for that run, or look what it waits for: pgpm log"};
}

}  // namespace

const char* health_status_name(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::warning:
      return "warning";
    case Status::failed:
      return "failed";
  }
  return "";
}

std::vector<HealthCheck> examine_database(const Target& target, std::stop_token stop) {
  std::vector<HealthCheck> checks;
  const auto add = [&](const char* name, const auto& examine) {
    try {
      checks.push_back(examine());
    } catch (const Error& error) {
      if (error.code() == ErrorCode::interrupted) throw;
      checks.push_back(from_error(name, error));
    }
  };
  std::optional<db::Connection> connection;
  add("server", [&] {
    connection = db::Connection::open(target, std::move(stop));
    db::preflight(*connection, db::Intent::read);
    return server_check(*connection);
  });
  if (!connection || checks.back().status == Status::failed) return checks;
  checks.push_back(writing_check(*connection));
  RegistryState state;
  add("ledger", [&] {
    const registry::Layout layout = registry::find_layout(*connection);
    state = registry::read_state(*connection, registry::Detail::names_and_hashes);
    return ledger_check(state, layout);
  });
  add("ledger rights", [&] { return rights_check(*connection, state.version); });
  checks.push_back(interrupted_check(state));
  add("run lock", [&] { return run_lock_check(*connection); });
  return checks;
}

std::vector<HealthCheck> examine_workspace(const Workspace& workspace) {
  HealthCheck files{
      "workspace",
      Status::ok,
      fmt::format("{} modules in {}", workspace.modules.size(), workspace.root.string()),
      {}};
  std::size_t errors = 0, warnings = 0;
  const std::vector<Diagnostic> found =
      workspace.has_errors() ? workspace.diagnostics : check(workspace, {});
  for (const Diagnostic& diagnostic : found)
    ++(diagnostic.severity == Severity::error ? errors : warnings);
  if (errors + warnings > 0) {
    files.status = errors > 0 ? Status::failed : Status::warning;
    files.message += fmt::format("; errors {}, warnings {}", errors, warnings);
    files.remedy = "pgpm check shows them";
  }
  return {files};
}

}  // namespace pgpm
