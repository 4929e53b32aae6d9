#include "engine/sql/lexer.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace pgpm::tests {
namespace {

using sql::Lexer;
using sql::Token;
using sql::TokenKind;

char letter(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return '.';
    case TokenKind::word:
      return 'w';
    case TokenKind::quoted_identifier:
      return 'q';
    case TokenKind::string:
      return 's';
    case TokenKind::continuation:
      return 'c';
    case TokenKind::dollar_string:
      return 'd';
    case TokenKind::number:
      return 'n';
    case TokenKind::parameter:
      return 'p';
    case TokenKind::operation:
      return 'o';
    case TokenKind::open_parenthesis:
      return '(';
    case TokenKind::close_parenthesis:
      return ')';
    case TokenKind::semicolon:
      return ';';
    case TokenKind::backslash_command:
      return 'b';
    case TokenKind::unterminated_string:
      return 'S';
    case TokenKind::unterminated_name:
      return 'Q';
    case TokenKind::unterminated_dollar:
      return 'D';
    case TokenKind::unterminated_comment:
      return 'C';
  }
  return '?';
}

/// "w:SELECT n:1 ;:;"
std::string tokens(std::string_view text) {
  Lexer lexer(text);
  std::string shown;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!shown.empty()) shown += ' ';
    shown += letter(token.kind);
    shown += ':';
    shown += lexer.text_of(token);
  }
  return shown;
}

struct Case {
  std::string_view text, tokens;
};

template <std::size_t size>
void check(const Case (&cases)[size]) {
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(tokens(c.text) == c.tokens);
  }
}

}  // namespace

TEST_CASE("Words, names and numbers", "[sql]") {
  check({
      {"", ""},
      {" \t\r\n\f\v ", ""},
      {"SELECT a_1, Žluť FROM t", "w:SELECT w:a_1 o:, w:Žluť w:FROM w:t"},
      {"a$b$ c$$", "w:a$b$ w:c$$"},
      {"_x é1", "w:_x w:é1"},
      {R"("a b" "a""b" """" "")", R"(q:"a b" q:"a""b" q:"""" q:"")"},
      {R"("a;b--c/*d'e$$f\g")", R"(q:"a;b--c/*d'e$$f\g")"},
      {R"(U&"d\0061t" u&"x" UESCAPE '!')", R"(q:U&"d\0061t" q:u&"x" w:UESCAPE s:'!')"},
      {"u & \"x\"", "w:u o:& q:\"x\""},
      {"u&x", "w:u o:& w:x"},
      {"1 12 1.5 .5 1. 1e10 1.5E-3 2e+4", "n:1 n:12 n:1.5 n:.5 n:1. n:1e10 n:1.5E-3 n:2e+4"},
      {"0x1F 0o17 0b101 1_000_000", "n:0x1F n:0o17 n:0b101 n:1_000_000"},
      {"1..10", "n:1 o:.. n:10"},
      {"1-2 1e-x 0x1e-5", "n:1 o:- n:2 n:1e o:- w:x n:0x1e o:- n:5"},
      {"t.c a[1:2] x::int y:=1", "w:t o:. w:c w:a o:[ n:1 o:: n:2 o:] w:x o::: w:int w:y o::= n:1"},
      {"$1 $23+$4", "p:$1 p:$23 o:+ p:$4"},
      {"(a);", "(:( w:a ):) ;:;"},
      {"é;ž", "w:é ;:; w:ž"},
      {"\xC2\xA0x", "w:\xC2\xA0x"},  // no white space to the server either
  });
}

TEST_CASE("Strings of all kinds", "[sql]") {
  check({
      {"'a' '' '''' 'it''s'", "s:'a' s:'' s:'''' s:'it''s'"},
      {R"('a\' 'b')", R"(s:'a\' s:'b')"},
      {R"(E'a\'b' 'c')", R"(s:E'a\'b' s:'c')"},
      {R"(e'a\\' 'c')", R"(s:e'a\\' s:'c')"},
      {R"(E'a''b\'''c')", R"(s:E'a''b\'''c')"},
      {R"(fe'a\' x)", R"(w:fe s:'a\' w:x)"},
      {R"(E 'a\' x)", R"(w:E s:'a\' w:x)"},
      {"B'01' b'1' X'1F' x'a' N'n' n'n'", "s:B'01' s:b'1' s:X'1F' s:x'a' s:N'n' s:n'n'"},
      {R"(B'\' N'\' X'\')", R"(s:B'\' s:N'\' s:X'\')"},
      {R"(U&'d\0061t\' U&'a''b')", R"(s:U&'d\0061t\' s:U&'a''b')"},
      {"'a;b--c/*d$$e\\f'", "s:'a;b--c/*d$$e\\f'"},
      {"'line\nline'", "s:'line\nline'"},
      {"a'b'", "w:a s:'b'"},
      {"1'b'", "n:1 s:'b'"},
  });
}

TEST_CASE("Strings that go on in another line", "[sql]") {
  check({
      {"'a'\n'b'", "s:'a' c:'b'"},
      {"'a' \t\n \r\n 'b'\n'c'", "s:'a' c:'b' c:'c'"},
      {"'a'\r'b'", "s:'a' c:'b'"},
      {"'a' 'b'", "s:'a' s:'b'"},
      {"'a' -- remark\n'b'", "s:'a' c:'b'"},
      {"'a'\n-- remark\n -- another\n'b'", "s:'a' c:'b'"},
      {"'a' -- it's all\n'b'", "s:'a' c:'b'"},
      {"'a'\n/* remark */ 'b'", "s:'a' s:'b'"},
      {"'a'\nE'b'", "s:'a' s:E'b'"},
      {"E'a'\n'b\\'c' d", "s:E'a' c:'b\\'c' w:d"},
      {"E'a' 'b\\' d", "s:E'a' s:'b\\' w:d"},
      {"X'1'\n'2'", "s:X'1' c:'2'"},
      {"'a'\n;'b'", "s:'a' ;:; s:'b'"},
      {"\"a\"\n'b'", "q:\"a\" s:'b'"},
      {"$$a$$\n'b'", "d:$$a$$ s:'b'"},
      {"'a'\n", "s:'a'"},
      {"'a' -- '", "s:'a'"},
      {"'a'\n'b", "s:'a' S:'b"},
  });
}

TEST_CASE("Dollar quotes", "[sql]") {
  check({
      {"$$a$$ $$$$", "d:$$a$$ d:$$$$"},
      {"$$;'\"--/*\\$$", "d:$$;'\"--/*\\$$"},
      {"$a$ $$ $b$ $a$ x", "d:$a$ $$ $b$ $a$ w:x"},
      {"$a$ $A$ $a$", "d:$a$ $A$ $a$"},
      {"$a$ $ab$ $a$", "d:$a$ $ab$ $a$"},
      {"$a$x$a$a$", "d:$a$x$a$ w:a$"},
      {"$a$ $b$a$", "d:$a$ $b$a$"},
      {"$$ $a$$", "d:$$ $a$$"},
      {"$čas_1$ x $čas_1$", "d:$čas_1$ x $čas_1$"},
      {"$_$ x $_$", "d:$_$ x $_$"},
      {"$1$ x", "p:$1 o:$ w:x"},
      {"$1a$ x $1a$", "p:$1 w:a$ w:x p:$1 w:a$"},
      {"a$b$ ; c$b$", "w:a$b$ ;:; w:c$b$"},
      {"1$$x$$", "n:1 d:$$x$$"},
      {"'a'$$x$$", "s:'a' d:$$x$$"},
      {"$a-b$ x", "o:$ w:a o:- w:b$ w:x"},
      {"$ $", "o:$ o:$"},
      {"$", "o:$"},
      {"$a", "o:$ w:a"},
  });
}

TEST_CASE("Comments", "[sql]") {
  check({
      {"a -- b ; c\nd", "w:a w:d"},
      {"a -- b\rd", "w:a w:d"},
      {"--", ""},
      {"a--b", "w:a"},
      {"a /* b */ c", "w:a w:c"},
      {"a/**/b", "w:a w:b"},
      {"/*/ a */ b", "w:b"},
      {"/* /* a */ b */ c", "w:c"},
      {"/* /* /**/ */ a */ b", "w:b"},
      {"/***/ a /* ** / */ b /****/", "w:a w:b"},
      {"/* -- */ a", "w:a"},
      {"-- /*\na", "w:a"},
      {"/* ' \" $$ */ a", "w:a"},
      {"/*//* */*/ a", "w:a"},
      {"a * /* b */ c", "w:a o:* w:c"},
      {"a */ b", "w:a o:*/ w:b"},
  });
}

TEST_CASE("Operators end where a comment begins and lose a trailing sign", "[sql]") {
  check({
      {"a<=b", "w:a o:<= w:b"},
      {"a=-1", "w:a o:= o:- n:1"},
      {"a=+-1", "w:a o:= o:+ o:- n:1"},
      {"a@-1", "w:a o:@- n:1"},
      {"a<->b", "w:a o:<-> w:b"},
      {"a<-b", "w:a o:< o:- w:b"},
      {"a->>'b'", "w:a o:->> s:'b'"},
      {"a+--b\nc", "w:a o:+ w:c"},
      {"a<--b\nc", "w:a o:< w:c"},
      {"a@/*b*/c", "w:a o:@ w:c"},
      {"a*/*b*/c", "w:a o:* w:c"},
      {"a @> b && c || d", "w:a o:@> w:b o:&& w:c o:|| w:d"},
      {"a !~~* b", "w:a o:!~~* w:b"},
      {"f(a => 1)", "w:f (:( w:a o:=> n:1 ):)"},
      {"- - 1", "o:- o:- n:1"},
      {"?| ?& #>> ~=", "o:?| o:?& o:#>> o:~="},
      {"{}", "o:{ o:}"},
      {":x :'y' :\"z\"", "o:: w:x o:: s:'y' o:: q:\"z\""},
  });
}

TEST_CASE("Backslash commands reach to the end of the line", "[sql]") {
  check({
      {"\\echo a 'b\nc", "b:\\echo a 'b w:c"},
      {"SELECT 1 \\gset\n;", "w:SELECT n:1 b:\\gset ;:;"},
      {"\\i x.sql\r\nSELECT", "b:\\i x.sql w:SELECT"},
      {"\\", "b:\\"},
      {"a\\;b", "w:a b:\\;b"},
      {"'\\i' $$\\i$$ \"\\i\" /* \\i */ -- \\i", "s:'\\i' d:$$\\i$$ q:\"\\i\""},
  });
}

TEST_CASE("What does not end reaches to the end of the text", "[sql]") {
  check({
      {"a 'b; c", "w:a S:'b; c"},
      {"E'\\'", "S:E'\\'"},
      {"E'\\", "S:E'\\"},
      {"'a''", "S:'a''"},
      {"a \"b; c", "w:a Q:\"b; c"},
      {"U&\"x", "Q:U&\"x"},
      {"a $$b; $ c", "w:a D:$$b; $ c"},
      {"$a$ x $a", "D:$a$ x $a"},
      {"$a$ x $A$", "D:$a$ x $A$"},
      {"a /* b; c", "w:a C:/* b; c"},
      {"-- /*\na /* /* */", "w:a C:/* /* */"},
      {"/*", "C:/*"},
      {"/*/", "C:/*/"},
  });
}

TEST_CASE("Words are compared without case, and only unquoted ones", "[sql]") {
  Lexer lexer("CoMMit \"commit\" commits");
  CHECK(lexer.is_word(lexer.next(), "commit"));
  CHECK_FALSE(lexer.is_word(lexer.next(), "commit"));
  CHECK_FALSE(lexer.is_word(lexer.next(), "commit"));
  CHECK(lexer.next().kind == TokenKind::end);
  CHECK(lexer.next().kind == TokenKind::end);
}

TEST_CASE("Any bytes are cut into tokens that follow each other", "[sql]") {
  const std::string_view pieces[] = {"'",  "\"", "$",  "$$", "$a$",  "\\", "\n",
                                     "--", "/*", "*/", "E",  "U&",   ";",  "(",
                                     ")",  "1",  "e",  "+",  ".",    ":",  "a",
                                     " ",  "\r", "é",  "@",  "\xFF", "B'", "COPY t FROM STDIN;"};
  unsigned state = 7;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      state = state * 1664525U + 1013904223U;
      text += pieces[(state >> 16U) % std::size(pieces)];
    }
    Lexer lexer(text);
    std::size_t at = 0;
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
      REQUIRE(token.begin >= at);
      REQUIRE(token.end > token.begin);
      REQUIRE(token.end <= text.size());
      at = token.end;
    }
  }
}

}  // namespace pgpm::tests
