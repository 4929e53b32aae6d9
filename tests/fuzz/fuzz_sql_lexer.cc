// Tokens and statements are pieces of the text, in order, and nothing of it is in two of them. A
// statement alone is the same statement, unless a parenthesis that stays open made guesses of it
// and all behind it.
#include <string_view>

#include "engine/sql/lexer.h"
#include "engine/sql/statements.h"
#include "tests/fuzz/property.h"

namespace pgpm::fuzz {
namespace {

void check_tokens(std::string_view text) {
  sql::Lexer lexer(text);
  std::size_t at = 0;
  for (;;) {
    const sql::Token token = lexer.next();
    require(token.begin >= at && token.end <= text.size(), "tokens are pieces in order");
    if (token.kind == sql::TokenKind::end) break;
    require(token.end > token.begin, "a token is not empty");
    at = token.end;
  }
}

void check_alone(std::string_view statement) {
  sql::StatementReader reader(statement);
  const auto again = reader.next();
  require(again && again->begin == 0 && again->end == statement.size(), "a statement is one");
  require(!reader.next(), "and only one");
}

void check_statements(std::string_view text) {
  sql::StatementReader reader(text);
  std::size_t at = 0;
  while (const auto statement = reader.next()) {
    require(statement->begin >= at && statement->begin < statement->end &&
                statement->end <= text.size(),
            "statements are pieces in order");
    at = statement->end;
    if (statement->kind == sql::Statement::Kind::copy_in) {
      require(statement->data_begin >= at && statement->data_begin <= statement->data_end &&
                  statement->data_end <= text.size(),
              "data is behind its statement");
      at = statement->data_end;
    } else if (reader.findings().empty() && !reader.parentheses_ignored()) {
      check_alone(text.substr(statement->begin, statement->end - statement->begin));
    }
  }
  for (const sql::Finding& finding : reader.findings())
    require(finding.begin <= finding.end && finding.end <= text.size(), "findings are in the text");
}

}  // namespace
}  // namespace pgpm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  check_tokens(text_of(bytes, size));
  check_statements(text_of(bytes, size));
  return 0;
}
