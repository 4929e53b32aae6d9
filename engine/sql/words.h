// A statement as a row of words, for whoever looks only at how it begins.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/sql/lexer.h"

namespace pgpm::sql {

/// Walks over a statement's tokens.
class Words {
 public:
  explicit Words(std::string_view text, std::size_t from = 0)
      : text_(text), lexer_(text, from), token_(lexer_.next()) {}

  bool at(std::string_view word) const { return lexer_.is_word(token_, word); }
  bool at(TokenKind kind) const { return token_.kind == kind; }
  bool at_end() const { return at(TokenKind::end); }
  std::string_view text() const { return lexer_.text_of(token_); }
  std::string_view rest() const { return text_.substr(token_.begin); }
  void advance() { token_ = lexer_.next(); }
  bool take(std::string_view word) { return at(word) && (advance(), true); }
  bool take(TokenKind kind) { return at(kind) && (advance(), true); }

  /// Goes past (...) if it stands here.
  void skip_parentheses() {
    if (!at(TokenKind::open_parenthesis)) return;
    std::size_t depth = 0;
    do {
      if (at(TokenKind::open_parenthesis)) ++depth;
      if (at(TokenKind::close_parenthesis)) --depth;
      advance();
    } while (depth != 0 && !at_end());
  }
  /// Goes to the next such word outside parentheses; false if there is none.
  bool find(std::string_view word) {
    while (!at_end() && !at(word)) step();
    return !at_end();
  }
  /// Past a token, or past parentheses as a whole.
  void step() {
    if (at(TokenKind::open_parenthesis)) return skip_parentheses();
    advance();
  }

 private:
  std::string_view text_;
  Lexer lexer_;
  Token token_;
};

}  // namespace pgpm::sql
