#include "engine/registry/ledger_query.h"

#include <algorithm>
#include <array>

#include "engine/registry/rights.h"

namespace pgpm::registry {

namespace {

// undefined_table, invalid_schema_name, undefined_column
bool is_other_layout(const Error& error) {
  constexpr std::array<std::string_view, 3> states{"42P01", "3F000", "42703"};
  return std::find(states.begin(), states.end(), sqlstate_of(error)) != states.end();
}

db::Result run(db::Connection& connection, const std::string& sql) {
  try {
    return connection.exec(sql);
  } catch (const Error& error) {
    if (is_other_layout(error)) throw;
    throw explain_denied_reading(connection, error);
  }
}

LedgerAnswer ask_layout(db::Connection& connection, const LedgerQuery& query) {
  const Layout layout = find_layout(connection);
  const std::string& sql = layout == Layout::ours ? query.ours : query.upstream;
  if (layout == Layout::absent || sql.empty()) return {layout, {}};
  return {layout, run(connection, sql)};
}

}  // namespace

std::string sqlstate_of(const Error& error) {
  return error.server() ? error.server()->sqlstate : std::string();
}

Layout find_layout(db::Connection& connection) {
  // By name in the catalogs: to_regclass() is refused where USAGE on the schema is missing.
  const db::Result found = connection.exec(
      "SELECT pg_catalog.count(*) FILTER (WHERE c.relname OPERATOR(pg_catalog.=) 'changes'),"
      " pg_catalog.count(*) FILTER (WHERE c.relname OPERATOR(pg_catalog.=) 'ledger')"
      " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
      " ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
      " WHERE n.nspname OPERATOR(pg_catalog.=) 'pgpm_migrate'"
      " AND c.relkind OPERATOR(pg_catalog.=) 'r'");
  if (found.integer(0, 0) == 0) return Layout::absent;
  return found.integer(0, 1) == 0 ? Layout::upstream : Layout::ours;
}

LedgerAnswer ask_ledger(db::Connection& connection, const LedgerQuery& query) {
  // In a transaction block a failed try would cost the caller the transaction.
  if (connection.transaction_status() != db::TransactionStatus::idle)
    return ask_layout(connection, query);
  try {
    return {Layout::ours, run(connection, query.ours)};
  } catch (const Error& error) {
    if (!is_other_layout(error)) throw;
  }
  return ask_layout(connection, query);
}

}  // namespace pgpm::registry
