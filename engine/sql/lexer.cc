// The scanner. Every rule here is one of PostgreSQL's; where versions differ (underscores in
// numbers, junk behind them) the later one is followed, because an older server refuses such text
// anyway. Must not allocate: a script may have 200 MB.
#include "engine/sql/lexer.h"

#include <algorithm>

#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

bool starts_word(char c) {
  return is_alpha(c) || c == '_' || is_high(c);
}
bool continues_word(char c) {
  return starts_word(c) || is_digit(c) || c == '$';
}
bool continues_tag(char c) {
  return starts_word(c) || is_digit(c);
}

bool is_operator_character(char c) {
  return std::string_view("~!@#^&|`?+-*/%<>=").find(c) != std::string_view::npos;
}

/// An operator of several characters may end in + or - only if it holds one of these.
bool allows_trailing_sign(std::string_view symbol) {
  return symbol.find_first_of("~!@#^&|`?%") != std::string_view::npos;
}

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

std::size_t skip_while(std::string_view text, std::size_t at, bool (*wanted)(char)) {
  while (at < text.size() && wanted(text[at])) ++at;
  return at;
}

/// Behind the closing quote, or npos. Doubled quotes stay inside.
std::size_t closing_quote(std::string_view text, std::size_t at, char quote,
                          std::string_view stops) {
  while ((at = text.find_first_of(stops, at)) != std::string_view::npos) {
    const bool doubled = at + 1 < text.size() && text[at + 1] == quote;
    if (text[at] != '\\' && !doubled) return at + 1;
    at += 2;
  }
  return std::string_view::npos;
}

}  // namespace

bool Lexer::is_word(const Token& token, std::string_view word) const {
  return token.kind == TokenKind::word && iequals(text_of(token), word);
}

void Lexer::jump(std::size_t offset) {
  at_ = offset;
  last_string_ = Quoting::none;
}

Token Lexer::next() {
  if (last_string_ != Quoting::none && at_continuation()) {
    return quoted_string(TokenKind::continuation, at_, last_string_);
  }
  last_string_ = Quoting::none;
  if (!skip_blanks_and_comments()) return token(TokenKind::unterminated_comment, text_.size());
  if (at_ >= text_.size()) return {TokenKind::end, text_.size(), text_.size()};
  const char c = text_[at_];
  if (starts_word(c)) return word_or_prefixed();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  if (c == '\'') return quoted_string(TokenKind::string, at_, Quoting::plain);
  if (c == '"') return quoted_name(at_);
  if (c == '$') return dollar();
  if (is_operator_character(c)) return operation();
  return punctuation();
}

Token Lexer::token(TokenKind kind, std::size_t end) {
  const Token made{kind, at_, end};
  at_ = end;
  return made;
}

/// False at a comment that does not end; at_ is then at its beginning.
bool Lexer::skip_blanks_and_comments() {
  while (at_ < text_.size()) {
    if (is_space(text_[at_])) {
      ++at_;
    } else if (text_[at_] == '-' && peek(1) == '-') {
      at_ = line_end(text_, at_);
    } else if (text_[at_] == '/' && peek(1) == '*') {
      if (!skip_block_comment()) return false;
    } else {
      return true;
    }
  }
  return true;
}

bool Lexer::skip_block_comment() {
  std::size_t depth = 1;
  std::size_t at = at_ + 2;
  while (depth != 0) {
    at = text_.find_first_of("*/", at);
    if (at == std::string_view::npos || at + 1 >= text_.size()) return false;
    const std::string_view pair = text_.substr(at, 2);
    depth += pair == "/*" ? 1U : 0U;
    depth -= pair == "*/" ? 1U : 0U;
    at += pair == "/*" || pair == "*/" ? 2U : 1U;
  }
  at_ = at;
  return true;
}

/// A string goes on if only blanks and -- comments, with a line end among them, stand before the
/// next quote. Moves to that quote.
bool Lexer::at_continuation() {
  std::size_t at = at_;
  bool new_line = false;
  while (at < text_.size()) {
    if (is_space(text_[at])) {
      new_line |= is_line_end(text_[at]);
      ++at;
    } else if (text_.substr(at, 2) == "--") {
      at = line_end(text_, at);
    } else {
      break;
    }
  }
  if (!new_line || at >= text_.size() || text_[at] != '\'') return false;
  at_ = at;
  return true;
}

Token Lexer::quoted_string(TokenKind kind, std::size_t quote, Quoting quoting) {
  const std::string_view stops = quoting == Quoting::with_escapes ? "'\\" : "'";
  const std::size_t end = closing_quote(text_, quote + 1, '\'', stops);
  if (end == std::string_view::npos) return token(TokenKind::unterminated_string, text_.size());
  last_string_ = quoting;
  return token(kind, end);
}

Token Lexer::quoted_name(std::size_t quote) {
  const std::size_t end = closing_quote(text_, quote + 1, '"', "\"");
  if (end == std::string_view::npos) return token(TokenKind::unterminated_name, text_.size());
  return token(TokenKind::quoted_identifier, end);
}

Token Lexer::word_or_prefixed() {
  const char first = to_lower(text_[at_]);
  if (peek(1) == '\'') {
    if (first == 'e') return quoted_string(TokenKind::string, at_ + 1, Quoting::with_escapes);
    if (first == 'b' || first == 'x' || first == 'n') {
      return quoted_string(TokenKind::string, at_ + 1, Quoting::plain);
    }
  }
  if (first == 'u' && peek(1) == '&') {
    if (peek(2) == '\'') return quoted_string(TokenKind::string, at_ + 2, Quoting::plain);
    if (peek(2) == '"') return quoted_name(at_ + 2);
  }
  return token(TokenKind::word, skip_while(text_, at_, continues_word));
}

Token Lexer::dollar() {
  if (is_digit(peek(1))) return token(TokenKind::parameter, skip_while(text_, at_ + 1, is_digit));
  std::size_t tag_end = at_ + 1;
  if (starts_word(peek(1))) tag_end = skip_while(text_, tag_end, continues_tag);
  if (tag_end >= text_.size() || text_[tag_end] != '$') {
    return token(TokenKind::operation, at_ + 1);
  }
  const std::string_view delimiter = text_.substr(at_, tag_end + 1 - at_);
  const std::size_t close = text_.find(delimiter, tag_end + 1);
  if (close == std::string_view::npos) return token(TokenKind::unterminated_dollar, text_.size());
  return token(TokenKind::dollar_string, close + delimiter.size());
}

Token Lexer::number() {
  std::size_t at = at_;
  while (at < text_.size()) {
    const char c = text_[at];
    const bool range = c == '.' && at + 1 < text_.size() && text_[at + 1] == '.';
    const bool sign = (c == '+' || c == '-') && to_lower(text_[at - 1]) == 'e' &&
                      text_.substr(at_, 2) != "0x" && text_.substr(at_, 2) != "0X" &&
                      at + 1 < text_.size() && is_digit(text_[at + 1]);
    if (range || !(continues_tag(c) || c == '.' || sign)) break;
    ++at;
  }
  return token(TokenKind::number, at);
}

Token Lexer::operation() {
  std::size_t end = skip_while(text_, at_, is_operator_character);
  std::string_view symbol = text_.substr(at_, end - at_);
  symbol = symbol.substr(0, std::min(symbol.find("--"), symbol.find("/*")));
  while (symbol.size() > 1 && (symbol.back() == '+' || symbol.back() == '-') &&
         !allows_trailing_sign(symbol)) {
    symbol.remove_suffix(1);
  }
  return token(TokenKind::operation, at_ + symbol.size());
}

Token Lexer::punctuation() {
  switch (text_[at_]) {
    case '(':
      return token(TokenKind::open_parenthesis, at_ + 1);
    case ')':
      return token(TokenKind::close_parenthesis, at_ + 1);
    case ';':
      return token(TokenKind::semicolon, at_ + 1);
    case '\\':
      return token(TokenKind::backslash_command, line_end(text_, at_));
    default:
      break;
  }
  const std::string_view pair = text_.substr(at_, 2);
  return token(TokenKind::operation, at_ + (pair == "::" || pair == ":=" || pair == ".." ? 2 : 1));
}

}  // namespace pgpm::sql
