// SQL text as tokens, the way PostgreSQL's own scanner and psql cut it (standard_conforming_strings
// on). Pull: one token at a time, no allocation, any bytes accepted. Must not know what a statement
// is. Surprising: 'a' newline 'b' is one literal to the server; here each piece is a token, the
// later ones continuations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pgpm::sql {

enum class TokenKind : std::uint8_t {
  end,
  word,               ///< a keyword or an identifier without quotes
  quoted_identifier,  ///< "x" and U&"x"
  string,             ///< '...' with its prefix E, B, X, N or U&
  continuation,       ///< a further piece of the string before, after a line end
  dollar_string,      ///< $$...$$ or $tag$...$tag$
  number,
  parameter,  ///< $1
  operation,  ///< an operator or any other punctuation
  open_parenthesis,
  close_parenthesis,
  semicolon,
  backslash_command,     ///< what psql takes for itself: from the backslash to the end of the line
  unterminated_string,   ///< these four reach to the end of the text
  unterminated_name,     ///< "...
  unterminated_dollar,   ///< $tag$...
  unterminated_comment,  ///< /* ...
};

/// Byte offsets into the text, [begin, end).
struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0, end = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text, std::size_t from = 0) : text_(text), at_(from) {}

  /// The next token that is neither white space nor a comment.
  Token next();
  std::string_view text_of(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  bool is_word(const Token& token, std::string_view word) const;
  /// Where the token read last ends.
  std::size_t offset() const { return at_; }
  /// Goes on reading at `offset`, as if a token ended there.
  void jump(std::size_t offset);

 private:
  /// How the string read last ends, and whether it may go on in another line.
  enum class Quoting : std::uint8_t { none, plain, with_escapes };

  Token token(TokenKind kind, std::size_t end);
  bool skip_blanks_and_comments();
  bool skip_block_comment();
  bool at_continuation();
  Token quoted_string(TokenKind kind, std::size_t quote, Quoting quoting);
  Token quoted_name(std::size_t quote);
  Token word_or_prefixed();
  Token dollar();
  Token number();
  Token operation();
  Token punctuation();
  char peek(std::size_t distance) const {
    return at_ + distance < text_.size() ? text_[at_ + distance] : '\0';
  }

  std::string_view text_;
  std::size_t at_;
  Quoting last_string_ = Quoting::none;
};

}  // namespace pgpm::sql
