#include "engine/registry/history.h"

#include <fmt/format.h>

#include "engine/registry/ledger_query.h"
#include "engine/registry/text_array.h"
#include "engine/sql/quote.h"

namespace pgpm::registry {

namespace {

/// In a struct, since read_state.cc has columns of the same names.
struct HistoryColumn {
  enum Place : std::size_t {
    kind,
    at,
    by,
    command,
    outcome,
    module,
    change,
    error_code,
    error_message,
    tool_version,
    git_commit,
    run_id
  };
};

// Each half is cut to the limit by its key before the two are sorted together.
constexpr const char* run_rows =
    "(SELECT 'run' AS kind, r.started_at AS at, r.executed_by, r.command, r.outcome,"
    " pg_catalog.array_to_string(r.modules, ' '), NULL, r.error_code, NULL, r.tool_version,"
    " r.git_commit, r.run_id, r.run_id AS place FROM pgpm_migrate.runs AS r{}"
    " ORDER BY r.run_id DESC LIMIT {})";
constexpr const char* event_rows =
    "(SELECT 'event' AS kind, e.occurred_at AS at, {} AS executed_by, e.event_type AS command,"
    " CASE WHEN e.error_message IS NULL AND e.error_code IS NULL THEN 'ok' ELSE 'failed' END"
    " AS outcome, e.package, e.change_name, e.error_code, e.error_message, NULL AS tool_version,"
    " NULL AS git_commit, {} AS run_id, e.event_id AS place FROM pgpm_migrate.events AS e{}"
    " ORDER BY e.event_id DESC LIMIT {})";

std::string events_sql(const std::vector<std::string>& packages, std::size_t limit,
                       const char* recorded_by, const char* run) {
  const std::string chosen =
      packages.empty()
          ? std::string()
          : fmt::format(" WHERE e.package OPERATOR(pg_catalog.=) ANY ({})", text_array(packages));
  return fmt::format(fmt::runtime(event_rows), recorded_by, run, chosen, limit);
}

std::string runs_sql(const std::vector<std::string>& packages, std::size_t limit) {
  const std::string chosen =
      packages.empty()
          ? std::string()
          : fmt::format(" WHERE r.modules OPERATOR(pg_catalog.&&) {}", text_array(packages));
  return fmt::format(fmt::runtime(run_rows), chosen, limit);
}

// A run begins before its events, so at the same time it is the older.
std::string newest_first(const std::string& rows, std::size_t limit) {
  return fmt::format(
      "SELECT h.kind, pg_catalog.to_char(pg_catalog.timezone('UTC', h.at),"
      " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), h.by_role, h.command, h.outcome, h.module, h.change,"
      " h.error_code, h.error_message, h.tool_version, h.git_commit, h.run_id"
      " FROM ({}) AS h (kind, at, by_role, command, outcome, module, change, error_code,"
      " error_message, tool_version, git_commit, run_id, place)"
      " ORDER BY h.at DESC, h.kind, h.place DESC LIMIT {}",
      rows, limit);
}

HistoryEntry entry(const db::Result& rows, std::size_t row) {
  HistoryEntry found;
  found.kind = rows.text(row, HistoryColumn::kind);
  found.at = rows.text(row, HistoryColumn::at);
  found.by = rows.text(row, HistoryColumn::by);
  found.command = rows.text(row, HistoryColumn::command);
  found.outcome = rows.text(row, HistoryColumn::outcome);
  found.module = rows.text(row, HistoryColumn::module);
  found.change = rows.text(row, HistoryColumn::change);
  found.error_code = rows.text(row, HistoryColumn::error_code);
  found.error_message = rows.text(row, HistoryColumn::error_message);
  found.tool_version = rows.text(row, HistoryColumn::tool_version);
  found.git_commit = rows.text(row, HistoryColumn::git_commit);
  found.run_id = rows.integer(row, HistoryColumn::run_id);
  return found;
}

}  // namespace

std::vector<HistoryEntry> read_change_events(db::Connection& connection, const std::string& package,
                                             const std::vector<std::string>& names,
                                             std::size_t limit) {
  const std::string chosen = fmt::format(
      " WHERE e.package OPERATOR(pg_catalog.=) {} AND e.change_name OPERATOR(pg_catalog.=) ANY "
      "({})",
      sql::quote_literal(package), text_array(names));
  const auto events = [&](const char* recorded_by, const char* run) {
    return newest_first(fmt::format(fmt::runtime(event_rows), recorded_by, run, chosen, limit),
                        limit);
  };
  const LedgerAnswer answer =
      ask_ledger(connection, {events("e.recorded_by", "e.run_id"), events("NULL", "0")});
  std::vector<HistoryEntry> entries;
  if (answer.layout == Layout::absent) return entries;
  for (std::size_t row = 0; row < answer.rows.rows(); ++row)
    entries.push_back(entry(answer.rows, row));
  return entries;
}

std::vector<HistoryEntry> read_history(db::Connection& connection,
                                       const std::vector<std::string>& packages,
                                       std::size_t limit) {
  LedgerQuery query;
  query.ours = newest_first(events_sql(packages, limit, "e.recorded_by", "e.run_id") +
                                " UNION ALL " + runs_sql(packages, limit),
                            limit);
  query.upstream = newest_first(events_sql(packages, limit, "NULL", "0"), limit);
  const LedgerAnswer answer = ask_ledger(connection, query);
  std::vector<HistoryEntry> entries;
  if (answer.layout == Layout::absent) return entries;
  for (std::size_t row = 0; row < answer.rows.rows(); ++row)
    entries.push_back(entry(answer.rows, row));
  return entries;
}

}  // namespace pgpm::registry
