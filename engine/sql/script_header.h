// What the leading comments of a script say: which change it belongs to, what that requires, how it
// is to be run. Lenient: other comments, blank lines and psql guard lines may stand in between.
// Nothing here is ever an error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgpm::sql {

/// What the leading comments of a script say.
struct ScriptHeader {
  std::string verb;     ///< "Deploy", "Revert", "Verify" or ""
  std::string project;  ///< "" if not named
  std::string change;   ///< "" if not named
  std::size_t change_offset = 0;
  std::vector<std::string> requires_changes;  ///< -- requires: X
  bool no_transaction = false;                ///< -- pgpm: no-transaction
  bool irreversible = false;                  ///< -- pgpm: irreversible
};

/// A word behind "-- pgpm:" that we do not know, and where.
struct UnknownDirective {
  std::string word;
  std::size_t offset = 0;
};

/// Reads from `begin`, behind a byte order mark.
ScriptHeader read_script_header(std::string_view text, std::size_t begin,
                                std::vector<UnknownDirective>& unknown);

}  // namespace pgpm::sql
