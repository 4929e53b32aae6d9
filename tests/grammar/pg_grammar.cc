#include "tests/grammar/pg_grammar.h"

#include <fmt/format.h>
#include <pg_query.h>

#include "engine/sql/statements.h"

namespace pgpm::tests {

std::optional<std::vector<GrammarStatement>> split_by_grammar(const std::string& sql,
                                                              std::string* error) {
  const PgQuerySplitResult result = pg_query_split_with_parser(sql.c_str());
  std::optional<std::vector<GrammarStatement>> parts;
  if (result.error != nullptr) {
    if (error != nullptr) {
      *error = fmt::format("{} at character {}", result.error->message, result.error->cursorpos);
    }
  } else {
    parts.emplace();
    for (int i = 0; i < result.n_stmts; ++i) {
      const auto begin = static_cast<std::size_t>(result.stmts[i]->stmt_location);
      // A length of zero means: to the end of the text.
      const auto length = static_cast<std::size_t>(result.stmts[i]->stmt_len);
      parts->push_back({begin, length == 0 ? sql.size() : begin + length});
    }
  }
  pg_query_free_split_result(result);
  return parts;
}

std::string split_difference(const std::string& sql) {
  const auto theirs = split_by_grammar(sql);
  if (!theirs) return {};
  sql::StatementReader reader(sql);
  std::size_t at = 0;
  for (; const auto ours = reader.next(); ++at) {
    const std::string text = sql.substr(ours->begin, ours->end - ours->begin);
    if (at == theirs->size()) return fmt::format("one too many: {}", text);
    const GrammarStatement& grammar = (*theirs)[at];
    if (ours->begin < grammar.begin || ours->end > grammar.end || ours->begin >= ours->end) {
      return fmt::format("statement {} is not {}", text,
                         sql.substr(grammar.begin, grammar.end - grammar.begin));
    }
  }
  if (at < theirs->size()) {
    const GrammarStatement& grammar = (*theirs)[at];
    return fmt::format("missing: {}", sql.substr(grammar.begin, grammar.end - grammar.begin));
  }
  return {};
}

}  // namespace pgpm::tests
