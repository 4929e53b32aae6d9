#include "engine/sql/quote.h"

#include <catch2/catch.hpp>
#include <vector>

#include "engine/sql/lexer.h"

namespace pgpm::tests {

TEST_CASE("Identifiers are always quoted", "[sql]") {
  CHECK(sql::quote_identifier("a") == "\"a\"");
  CHECK(sql::quote_identifier("") == "\"\"");
  CHECK(sql::quote_identifier("Select b") == "\"Select b\"");
  CHECK(sql::quote_identifier("a\"b\"\"") == "\"a\"\"b\"\"\"\"\"");
  CHECK(sql::quote_identifier("a'b\\c") == "\"a'b\\c\"");
  CHECK(sql::quote_identifier("žluť") == "\"žluť\"");
}

TEST_CASE("Literals mean the same under any settings", "[sql]") {
  CHECK(sql::quote_literal("a") == "'a'");
  CHECK(sql::quote_literal("") == "''");
  CHECK(sql::quote_literal("it's") == "'it''s'");
  CHECK(sql::quote_literal("a\\b") == "E'a\\\\b'");
  CHECK(sql::quote_literal("\\'") == "E'\\\\'''");
  CHECK(sql::quote_literal("a\nb") == "'a\nb'");
  CHECK(sql::quote_literal_or_null("") == "NULL");
  CHECK(sql::quote_literal_or_null("NULL") == "'NULL'");
}

TEST_CASE("Arrays of text", "[sql]") {
  CHECK(sql::quote_text_array({}) == "ARRAY[]::text[]");
  const std::vector<std::string> values{"a", "it's", "b\\", "", "c,d"};
  CHECK(sql::quote_text_array(values) == "ARRAY['a','it''s',E'b\\\\','','c,d']::text[]");
}

TEST_CASE("Whatever is quoted is one token", "[sql]") {
  const std::string_view pieces[] = {"'", "\"", "\\", "$$", ";", "--", "/*", "a", "\n", "é"};
  unsigned state = 5;
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 6; ++i) {
      state = state * 1664525U + 1013904223U;
      text += pieces[(state >> 16U) % std::size(pieces)];
    }
    const std::string literal = sql::quote_literal(text);
    const sql::Token string = sql::Lexer(literal).next();
    REQUIRE((string.kind == sql::TokenKind::string && string.end == literal.size()));
    const std::string identifier = sql::quote_identifier(text);
    const sql::Token name = sql::Lexer(identifier).next();
    REQUIRE((name.kind == sql::TokenKind::quoted_identifier && name.end == identifier.size()));
  }
}

}  // namespace pgpm::tests
