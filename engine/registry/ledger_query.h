// Asking a ledger that may be missing, or made by upstream. A query that names a table is refused
// at once if there is no such table, so the usual case (a ledger of ours) is tried first, and only
// its failure is looked into.
#pragma once

#include <string>

#include "engine/db/connection.h"

namespace pgpm::registry {

enum class Layout { absent, upstream, ours };

/// What the system catalogs say. Needs no rights.
Layout find_layout(db::Connection& connection);

/// Same columns from either layout. `upstream` without text: such a ledger cannot answer.
struct LedgerQuery {
  std::string ours, upstream;
};
struct LedgerAnswer {
  Layout layout = Layout::absent;
  db::Result rows;  ///< empty if nothing was asked
};
/// Leaves an open transaction usable. Throws Error(sql) naming the right that is missing.
LedgerAnswer ask_ledger(db::Connection& connection, const LedgerQuery& query);

/// SQLSTATE of an error, "" if it has none.
std::string sqlstate_of(const Error& error);

}  // namespace pgpm::registry
