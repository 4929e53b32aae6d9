// PostgreSQL's own grammar (libpg_query) as the judge of our splitter. For tests only: the engine
// never asks a bundled parser. It knows neither COPY data nor psql commands, and its scanner
// (unlike the server's) does not carry a string over a -- comment.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pgpm::tests {

/// Byte offsets [begin, end): from behind the semicolon before to the statement's end.
struct GrammarStatement {
  std::size_t begin = 0, end = 0;
};

/// nullopt for what the grammar refuses; then `error`, if given, says why and where.
std::optional<std::vector<GrammarStatement>> split_by_grammar(const std::string& sql,
                                                              std::string* error = nullptr);

/// The first difference between our splitter and the grammar, in words; "" if there is none, or if
/// the grammar refuses the text.
std::string split_difference(const std::string& sql);

}  // namespace pgpm::tests
