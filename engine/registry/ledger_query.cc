#include "engine/registry/ledger_query.h"

#include <algorithm>
#include <array>

#include "engine/registry/rights.h"

namespace pgpm::registry {

namespace {

// undefined_table, invalid_schema_name, undefined_column. And insufficient_privilege: a schema that
// somebody made for us, without rights for this role, is no ledger yet.
bool may_be_other_layout(const Error& error) {
  constexpr std::array<std::string_view, 4> states{"42P01", "3F000", "42703", "42501"};
  return std::find(states.begin(), states.end(), sqlstate_of(error)) != states.end();
}

LedgerAnswer ask_layout(db::Connection& connection, const LedgerQuery& query) {
  const Layout layout = find_layout(connection);
  const std::string& sql = layout == Layout::ours ? query.ours : query.upstream;
  if (layout == Layout::absent || sql.empty()) return {layout, {}};
  try {
    return {layout, connection.exec(sql)};
  } catch (const Error& error) {
    throw explain_denied_reading(connection, error);
  }
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
    return {Layout::ours, connection.exec(query.ours)};
  } catch (const Error& error) {
    if (!may_be_other_layout(error)) throw;
  }
  return ask_layout(connection, query);
}

}  // namespace pgpm::registry
