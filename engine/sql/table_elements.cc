#include "engine/sql/table_elements.h"

#include <algorithm>
#include <array>

#include "engine/sql/lexer.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
    tokens.push_back(token);
  return tokens;
}

class TokenWords {
 public:
  explicit TokenWords(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  bool done() const { return at_ >= tokens_.size(); }
  const Token& token() const { return tokens_[at_]; }
  const std::vector<Token>& tokens() const { return tokens_; }
  std::size_t at() const { return at_; }
  void advance() { ++at_; }
  bool is(std::size_t index, std::string_view word) const {
    return index < tokens_.size() && Lexer(text_).is_word(tokens_[index], word);
  }
  bool take(std::string_view word) {
    if (!is(at_, word)) return false;
    ++at_;
    return true;
  }
  /// NAME or SCHEMA.NAME; "" if there is none.
  std::string take_name() {
    if (done() || !is_name(token())) return {};
    const std::size_t begin = token().begin;
    std::size_t end = token().end;
    for (++at_; at_ + 1 < tokens_.size() && text_of(at_) == "." && is_name(tokens_[at_ + 1]);
         at_ += 2)
      end = tokens_[at_ + 1].end;
    return std::string(text_.substr(begin, end - begin));
  }

 private:
  static bool is_name(const Token& token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier;
  }
  std::string_view text_of(std::size_t index) const {
    return text_.substr(tokens_[index].begin, tokens_[index].end - tokens_[index].begin);
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

/// Nothing may stand behind CREATE but these and TABLE.
bool take_create_table(TokenWords& words) {
  if (!words.take("create")) return false;
  while (words.take("global") || words.take("local") || words.take("temporary") ||
         words.take("temp") || words.take("unlogged") || words.take("foreign")) {
  }
  if (!words.take("table")) return false;
  if (words.take("if")) return words.take("not") && words.take("exists");
  return true;
}

/// From the open parenthesis at `open` on: where the commas of its own level are, and its end.
struct List {
  std::vector<std::size_t> commas;
  std::size_t close = 0;
};
std::optional<List> list_at(std::string_view text, const std::vector<Token>& tokens,
                            std::size_t open) {
  List list;
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::open_parenthesis) ++depth;
    if (tokens[i].kind == TokenKind::close_parenthesis && --depth == 0) {
      list.close = tokens[i].begin;
      return list;
    }
    if (depth == 1 && text.substr(tokens[i].begin, 1) == "," &&
        tokens[i].kind == TokenKind::operation)
      list.commas.push_back(tokens[i].begin);
  }
  return std::nullopt;
}

}  // namespace

std::optional<TableElements> table_elements(std::string_view create_table) {
  TokenWords words(create_table);
  if (!take_create_table(words)) return std::nullopt;
  TableElements table;
  table.name = words.take_name();
  if (table.name.empty() || words.done() || words.token().kind != TokenKind::open_parenthesis)
    return std::nullopt;
  const auto list = list_at(create_table, words.tokens(), words.at());
  if (!list) return std::nullopt;
  const std::size_t open = words.token().begin;
  // CREATE TABLE t (a, b) AS SELECT has names there, not elements.
  while (!words.done() && words.token().begin <= list->close) words.advance();
  for (std::size_t i = words.at(); i < words.tokens().size(); ++i)
    if (words.is(i, "as")) return std::nullopt;
  table.head = trim(create_table.substr(0, open));
  std::size_t from = open + 1;
  for (const std::size_t comma : list->commas) {
    table.elements.emplace_back(trim(create_table.substr(from, comma - from)));
    from = comma + 1;
  }
  const std::string_view last = trim(create_table.substr(from, list->close - from));
  if (!last.empty()) table.elements.emplace_back(last);
  table.rest = trim(create_table.substr(list->close + 1));
  return table;
}

std::string TableElements::text() const {
  std::string text = head + " (";
  for (std::size_t i = 0; i < elements.size(); ++i)
    text += (i == 0 ? "\n    " : ",\n    ") + elements[i];
  text += "\n)";
  return rest.empty() ? text : text + "\n" + rest;
}

std::optional<std::string> added_constraint(std::string_view alter_table) {
  TokenWords words(alter_table);
  if (!words.take("alter") || !words.take("table")) return std::nullopt;
  if (words.take("if")) words.take("exists");
  words.take("only");
  if (words.take_name().empty() || !words.take("add") || words.done()) return std::nullopt;
  const std::string element(trim(alter_table.substr(words.token().begin)));
  if (is_column(element)) return std::nullopt;  // ADD COLUMN, with or without that word
  int depth = 0;
  for (std::size_t i = words.at(); i < words.tokens().size(); ++i) {
    const Token& token = words.tokens()[i];
    if (token.kind == TokenKind::open_parenthesis) ++depth;
    if (token.kind == TokenKind::close_parenthesis) --depth;
    if (depth > 0) continue;
    const bool another = alter_table.substr(token.begin, 1) == ",";
    const bool unchecked = words.is(i, "not") && words.is(i + 1, "valid");
    const bool of_index =
        words.is(i, "using") && words.is(i + 1, "index") && !words.is(i + 2, "tablespace");
    if (another || unchecked || of_index) return std::nullopt;
  }
  return element;
}

bool is_column(std::string_view element) {
  const TokenWords words(element);
  constexpr std::array<std::string_view, 7> others{"constraint", "check",   "unique", "primary",
                                                   "foreign",    "exclude", "like"};
  return std::none_of(others.begin(), others.end(),
                      [&](std::string_view word) { return words.is(0, word); });
}

}  // namespace pgpm::sql
