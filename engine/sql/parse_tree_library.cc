#include "engine/sql/parse_tree_library.h"

#include <string_view>

namespace pgpm::sql {
namespace {

static_assert(std::string_view(PG_MAJORVERSION) == "15",
              "the name below is that for PostgreSQL 15");
constexpr SharedLibrary library{"libpg_query.so.1504.0", "statements cannot be parsed",
                                "libpg_query (Debian's package libpg-query1504.0)"};

PgQuery load() {
  void* loaded = library.load();
  PgQuery functions{};
  PGPM_PG_QUERY_FUNCTIONS(PGPM_LIBRARY_FUNCTION)
  return functions;
}

}  // namespace

const PgQuery& pg_query() {
  static const PgQuery loaded = load();
  return loaded;
}

}  // namespace pgpm::sql
