#include "engine/testing/test_pattern.h"

#include <fmt/format.h>

#include "engine/sql/quote.h"

namespace pgpm {

std::set<std::string> matching_paths(db::Connection& connection,
                                     const std::vector<std::string>& paths,
                                     const std::string& pattern) {
  std::set<std::string> matching;
  try {
    const db::Result rows = connection.exec(fmt::format(
        "SELECT path FROM pg_catalog.unnest({}) AS of(path) WHERE path OPERATOR(pg_catalog.~) {}",
        sql::quote_text_array(paths), sql::quote_literal(pattern)));
    for (std::size_t row = 0; row < rows.rows(); ++row) matching.insert(rows.str(row, 0));
  } catch (const Error& error) {
    const bool invalid = error.server() && error.server()->sqlstate == "2201B";
    if (!invalid) throw;
    throw Error(ErrorCode::usage, "Invalid regex pattern: " + pattern)
        .hint(error.server()->message);
  }
  return matching;
}

}  // namespace pgpm
