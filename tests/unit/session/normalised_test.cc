// Checksums of session projects: the golden values are pgmi's.
#include "engine/session/normalised.h"

#include <catch2/catch.hpp>

#include "engine/session/text_regions.h"
#include "engine/sql/lexer.h"
#include "engine/text/digest.h"

using namespace pgpm;

TEST_CASE("raw and normalised checksums have pgmi's values") {
  const std::string empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  CHECK(sha256_hex("") == empty);
  CHECK(normalised_checksum("") == empty);
  const std::string users = "770ec17e2277e313a56c78ecab71d0ee460922cac72efddf9869ca4194276572";
  CHECK(sha256_hex("SELECT * FROM users;") ==
        "d1ec24bdafb79996d598fd0707064fc6766042c1054c8ca379da5fc6a3a03e5a");
  CHECK(normalised_checksum("SELECT * FROM users;") == users);
  CHECK(normalised_checksum("SELECT * FROM USERS;") == users);
  CHECK(sha256_hex("-- Comment\nSELECT * FROM users;") ==
        "439dc674a27b169ae8ccbf89c825a4689b1faf94d5d21a95b77e77365dc9effe");
  CHECK(normalised_checksum("-- Comment\nSELECT * FROM users;") == users);
}

TEST_CASE("comments, layout and the case of code do not matter") {
  const std::pair<const char*, const char*> same[] = {
      {"a /* x */ b", "A  B"},
      {"a/*x*/b", "a b"},
      {"a /* b /* c */ d */ e", "a e"},
      {"a -- b\r\n c", "a c"},
      {"\xC2\xA0"
       "a\xE2\x80\x83"
       "b\xE3\x80\x80",
       "a b"},
      {"'a  b'", "'a b'"},
      {"$$ A\n\tB $$", "$$ A B $$"},
      {"\"A -- b\"", "\"A --  b\""},
  };
  for (const auto& [one, other] : same) {
    INFO(one);
    CHECK(normalised_text(one) == normalised_text(other));
  }
}

TEST_CASE("what is quoted is as it is") {
  const std::pair<const char*, const char*> different[] = {
      {"a/*x*/b", "ab"},
      {"'A'", "'a'"},
      {"$$ A $$", "$$ a $$"},
      {"$$ a -- b\n $$", "$$ a $$"},
      {"$t$ /* x */ $t$", "$t$ $t$"},
      {"\"A\"", "\"a\""},
      {"E'\\'-- x'", "E'\\'-- y'"},
      {"'it''s -- A'", "'it''s -- B'"},
  };
  for (const auto& [one, other] : different) {
    INFO(one);
    CHECK(normalised_text(one) != normalised_text(other));
  }
  // A backslash is nothing special behind a name that ends with e.
  CHECK(normalised_text("date'a\\' -- B") == "date'a\\'");
  CHECK(normalised_text("e'a\\' -- B'") == "e'a\\' -- B'");
  CHECK(normalised_text("a$$ B") == "a$$ b");
}

TEST_CASE("regions leave no gap, whatever the bytes") {
  for (const std::string text : {"", "a", "'", "\"", "$$", "/*", "--", "$a$ b", "E'\\",
                                 "a/*b*/'c'--d\n$$e$$\"f\"", "\\ ' \xFF", "/* /* */", "$1 $2$"}) {
    INFO(text);
    std::size_t at = 0;
    for (const TextRegion& region : text_regions(text)) {
      CHECK(region.begin == at);
      CHECK(region.end > region.begin);
      at = region.end;
    }
    CHECK(at == text.size());
  }
}

TEST_CASE("regions agree with the lexer that finds macros and units") {
  using sql::TokenKind;
  for (const std::string text :
       {"SELECT 'a''b', E'it\\'s -- x', \"q\"\"--\", $$ ' -- $$, $t$ /* $$ */ $t$; -- 'c\nSELECT "
        "1;",
        "/* a /* 'b' */ $$ */ SELECT date'a\\', U&\"d\", e'\\\\', x'1F' /* \" */ + 1 -- $$\n;",
        "DO $do$ BEGIN /* ' */ RAISE 'x'; END $do$;\r\nSELECT a$$b, $1, \xC3\xA9'\xC3\xA9';",
        "SELECT 'a'\n  'b -- c' -- 'd\n  'e /*'; /**/ SELECT '';"}) {
    INFO(text);
    const std::vector<TextRegion> regions = text_regions(text);
    const auto region_at = [&](std::size_t offset) {
      for (const TextRegion& region : regions)
        if (offset >= region.begin && offset < region.end) return region;
      return TextRegion{};
    };
    sql::Lexer lexer(text);
    std::size_t quoted = 0;
    for (sql::Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
      const TextRegion region = region_at(token.end - 1);
      const bool is_quoted =
          token.kind == TokenKind::string || token.kind == TokenKind::continuation ||
          token.kind == TokenKind::dollar_string || token.kind == TokenKind::quoted_identifier;
      INFO(lexer.text_of(token));
      CHECK((region.kind == TextRegion::Kind::quoted) == is_quoted);
      CHECK((region.kind == TextRegion::Kind::code) == !is_quoted);
      if (is_quoted) CHECK(region.end == token.end);
      quoted += is_quoted ? 1 : 0;
    }
    std::size_t expected = 0;
    for (const TextRegion& region : regions)
      expected += region.kind == TextRegion::Kind::quoted ? 1 : 0;
    CHECK(quoted == expected);
  }
}
