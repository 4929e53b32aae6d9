// What undoes a statement, and what fails if it has not run: derived from PostgreSQL's own grammar
// (libpg_query), as far as the statement alone tells. What was there before it knows nobody.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm::sql {

struct Inverse {
  std::vector<std::string> revert;  ///< statements without semicolon, in the order to run them
  std::vector<std::string> verify;
  /// Why nothing undoes it, "" if something does or nothing has to.
  std::string underivable;
};

Inverse inverse_of(std::string_view statement);

}  // namespace pgpm::sql
