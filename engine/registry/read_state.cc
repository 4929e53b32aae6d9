// The snapshot of a ledger by one query: rows of several kinds in one answer, told apart by their
// first column. Knows the tables, not what is decided from them. Measured with 10,000 changes on a
// local socket: whole rows 20 ms, names and hashes 11 ms; one aggregated row instead of many is no
// faster. In a new session most of that is getting to know tables, functions and pages, so what is
// hardly ever there (intents) costs a second query when it is.
#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/registry/ledger_query.h"
#include "engine/registry/registry.h"

namespace pgpm::registry {

namespace {

// Columns: kind, number, at, then six texts that mean something else for each kind.
enum Column : std::size_t { kind, number, at, first, second, third, fourth, fifth, sixth };

#define PGPM_UTC(column)                                  \
  "pg_catalog.to_char(pg_catalog.timezone('UTC', " column \
  "), "                                                   \
  "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

constexpr const char* dependency_rows =
    " UNION ALL SELECT 'dependency', 0, NULL, d.change_id, d.requires, NULL, NULL, NULL, NULL"
    " FROM pgpm_migrate.dependencies AS d";

/// The columns of a change from `at` to the last.
std::string change_columns(Detail detail, const char* ours_alone) {
  if (detail == Detail::names_and_hashes)
    return "NULL, c.package, c.change_name, NULL, c.script_hash, NULL, NULL";
  return std::string(PGPM_UTC("c.deployed_at")) +
         ", c.package, c.change_name, c.change_id, c.script_hash, " + ours_alone;
}

LedgerQuery state_query(Detail detail) {
  const char* dependencies = detail == Detail::everything ? dependency_rows : "";
  LedgerQuery query;
  query.ours =
      "SELECT 'change', c.deploy_order, " + change_columns(detail, "c.fingerprint, c.deployed_by") +
      std::string(
          " FROM pgpm_migrate.changes AS c"
          " UNION ALL SELECT 'tag', 0, NULL, t.package, t.tag, t.change_name, NULL, NULL,"
          " NULL FROM pgpm_migrate.tags AS t"
          " UNION ALL SELECT 'intent', 0, NULL, i.package, i.change_name, NULL, NULL, NULL,"
          " NULL FROM pgpm_migrate.intents AS i"
          // A ledger of version 1 has no such column.
          " UNION ALL SELECT 'objects', o.number, NULL, o.package, NULL, NULL, NULL, NULL,"
          " NULL FROM (SELECT p.package, (pg_catalog.to_jsonb(p) OPERATOR(pg_catalog.->>)"
          " 'managed_objects')::pg_catalog.int8 AS number FROM pgpm_migrate.packages AS p)"
          " AS o WHERE o.number OPERATOR(pg_catalog.>) 0"
          " UNION ALL SELECT 'version', l.version, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
          " FROM pgpm_migrate.ledger AS l") +
      dependencies;
  query.upstream =
      "SELECT 'change', pg_catalog.row_number() OVER (ORDER BY c.deployed_at, c.ctid), " +
      change_columns(detail, "NULL, NULL") + " FROM pgpm_migrate.changes AS c" + dependencies;
  return query;
}

/// All there is to know of them; the query above only tells that there are any.
constexpr const char* intents_query =
    "SELECT 'intent', i.statements_done, " PGPM_UTC("i.started_at")
    ", i.package, i.change_name, i.action, i.script_hash, CASE WHEN EXISTS (SELECT"
    " FROM pgpm_migrate.events AS e WHERE e.run_id OPERATOR(pg_catalog.=) i.run_id"
    " AND e.package OPERATOR(pg_catalog.=) i.package AND e.change_name"
    " OPERATOR(pg_catalog.=) i.change_name AND e.error_message IS NOT NULL)"
    " THEN 'failed' END, NULL FROM pgpm_migrate.intents AS i";

#undef PGPM_UTC

struct Rows {
  explicit Rows(const db::Result& rows) : result_(rows) { orders.reserve(rows.rows()); }

  std::vector<long> orders;  // of the state's changes
  std::vector<std::pair<std::string, std::string>> dependencies;

  void read(std::size_t row, RegistryState& state) {
    const std::string_view what = result_.text(row, kind);
    if (what == "change") {
      orders.push_back(result_.integer(row, number));
      read_change(row, state.changes.emplace_back());
    } else if (what == "dependency") {
      dependencies.emplace_back(result_.str(row, first), result_.str(row, second));
    } else if (what == "tag") {
      state.tags.push_back(
          {result_.str(row, first), result_.str(row, second), result_.str(row, third)});
    } else if (what == "intent") {
      state.intents.push_back(intent(row));
    } else if (what == "objects") {
      state.managed_objects[result_.str(row, first)] =
          static_cast<std::size_t>(result_.integer(row, number));
    } else {
      state.version = static_cast<int>(result_.integer(row, number));
    }
  }

 private:
  const db::Result& result_;

  void read_change(std::size_t row, DeployedChange& found) const {
    found.package = result_.text(row, first);
    found.name = result_.text(row, second);
    found.change_id = result_.text(row, third);
    found.script_hash = result_.text(row, fourth);
    found.fingerprint = result_.text(row, fifth);
    found.deployed_by = result_.text(row, sixth);
    found.deployed_at = result_.text(row, at);
  }

  IntentRow intent(std::size_t row) const {
    IntentRow found;
    found.package = result_.text(row, first);
    found.change = result_.text(row, second);
    found.action = result_.text(row, third);
    found.script_hash = result_.text(row, fourth);
    found.statements_done = static_cast<std::size_t>(result_.integer(row, number));
    found.started_at = result_.text(row, at);
    found.cut_off = result_.is_null(row, fifth);
    return found;
  }
};

void sort_changes(const std::vector<long>& orders, RegistryState& state) {
  std::vector<std::size_t> places(orders.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return orders[a] < orders[b]; });
  std::vector<DeployedChange> sorted;
  sorted.reserve(places.size());
  for (std::size_t place : places) sorted.push_back(std::move(state.changes[place]));
  state.changes = std::move(sorted);
}

// The parts of a UNION ALL come in any order, and so do the rows of each.
void put_in_order(Rows& rows, RegistryState& state) {
  if (!std::is_sorted(rows.orders.begin(), rows.orders.end())) sort_changes(rows.orders, state);
  std::sort(state.tags.begin(), state.tags.end(), [](const DeployedTag& a, const DeployedTag& b) {
    return std::tie(a.package, a.tag) < std::tie(b.package, b.tag);
  });
}

void attach_dependencies(Rows& rows, RegistryState& state) {
  if (rows.dependencies.empty()) return;
  std::unordered_map<std::string_view, DeployedChange*> by_id;
  for (DeployedChange& change : state.changes) by_id.emplace(change.change_id, &change);
  std::sort(rows.dependencies.begin(), rows.dependencies.end());
  for (auto& [id, required] : rows.dependencies) {
    const auto owner = by_id.find(id);
    if (owner != by_id.end()) owner->second->requires_changes.push_back(std::move(required));
  }
}

}  // namespace

RegistryState read_state(db::Connection& connection, Detail detail) {
  const LedgerAnswer answer = ask_ledger(connection, state_query(detail));
  RegistryState state;
  if (answer.layout != Layout::absent) state = state_of_rows(answer.rows);
  if (!state.intents.empty())
    state.intents = state_of_rows(ask_ledger(connection, {intents_query, {}}).rows).intents;
  return state;
}

RegistryState state_of_rows(const db::Result& answer) {
  RegistryState state;
  state.installed = true;
  Rows rows(answer);
  state.changes.reserve(answer.rows());
  for (std::size_t row = 0; row < answer.rows(); ++row) rows.read(row, state);
  put_in_order(rows, state);
  attach_dependencies(rows, state);
  return state;
}

}  // namespace pgpm::registry
