// libpg_query, loaded when the first statement is parsed: its tables hold eight thousand addresses,
// which would be set at the start of every command, and few commands ask for a parse tree.
#pragma once

#include <pg_query.h>

#include "engine/text/shared_library.h"

namespace pgpm::sql {

// It would be indented more with each line.
// clang-format off
#define PGPM_PG_QUERY_FUNCTIONS(of) \
  of(pg_query_free_parse_result) of(pg_query_free_plpgsql_parse_result) of(pg_query_parse) \
  of(pg_query_parse_plpgsql)
// clang-format on

/// Its functions, under their own names.
struct PgQuery {
  PGPM_PG_QUERY_FUNCTIONS(PGPM_LIBRARY_MEMBER)
};

/// Loads the library at the first call and keeps it. Safe to call from any thread. Throws
/// Error(other) if the system has none.
const PgQuery& pg_query();

}  // namespace pgpm::sql
