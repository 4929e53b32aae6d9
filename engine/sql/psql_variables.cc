#include "engine/sql/psql_variables.h"

#include <algorithm>
#include <optional>

#include "engine/sql/lexer.h"
#include "engine/sql/quote.h"
#include "engine/sql/statements.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {

namespace {

bool is_name_character(char c) {
  return is_alnum(c) || c == '_' || is_high(c);
}

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_name_character(text[end])) ++end;
  return text.substr(at, end - at);
}

struct Replacement {
  std::string text;
  std::size_t end = 0;  // behind the reference
};

class Reference {
 public:
  Reference(std::string_view text, std::size_t colon, const PsqlVariables& variables)
      : text_(text), at_(colon + 1), variables_(variables) {}

  std::optional<Replacement> replacement() const {
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (next == '\'' || next == '"') return quoted(next);
    if (text_.substr(at_, 2) == "{?") return test();
    const std::string_view name = name_at(text_, at_);
    const std::string* value = find(name);
    if (value == nullptr) return std::nullopt;
    return Replacement{*value, at_ + name.size()};
  }

 private:
  const std::string* find(std::string_view name) const {
    const auto found = variables_.find(name);
    return found == variables_.end() ? nullptr : &found->second;
  }

  std::optional<Replacement> quoted(char quote) const {
    const std::string_view name = name_at(text_, at_ + 1);
    const std::size_t end = at_ + 1 + name.size();
    const std::string* value = find(name);
    if (value == nullptr || end >= text_.size() || text_[end] != quote) return std::nullopt;
    return Replacement{quote == '"' ? quote_identifier(*value) : quote_literal(*value), end + 1};
  }

  std::optional<Replacement> test() const {
    const std::string_view name = name_at(text_, at_ + 2);
    const std::size_t end = at_ + 2 + name.size();
    if (name.empty() || end >= text_.size() || text_[end] != '}') return std::nullopt;
    return Replacement{find(name) != nullptr ? "TRUE" : "FALSE", end + 1};
  }

  std::string_view text_;
  std::size_t at_;
  const PsqlVariables& variables_;
};

/// Appends text[from, end) with its references replaced; returns what was copied up to.
void append_replaced(std::string& out, std::string_view text, std::size_t from, std::size_t end,
                     const PsqlVariables& variables) {
  Lexer lexer(text.substr(0, end), from);
  std::size_t copied = from;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind != TokenKind::operation || lexer.text_of(token) != ":") continue;
    const auto found = Reference(text.substr(0, end), token.begin, variables).replacement();
    if (!found) continue;
    out.append(text, copied, token.begin - copied).append(found->text);
    copied = found->end;
    lexer.jump(copied);
  }
  out.append(text, copied, end - copied);
}

}  // namespace

bool is_psql_variable_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_name_character);
}

std::string with_psql_variables(std::string_view text, const PsqlVariables& variables) {
  std::string out;
  out.reserve(text.size());
  StatementReader reader(text);
  std::size_t copied = 0;
  while (const std::optional<Statement> statement = reader.next()) {
    out.append(text, copied, statement->begin - copied);
    append_replaced(out, text, statement->begin, statement->end, variables);
    copied = statement->end;
  }
  out.append(text, copied, text.size() - copied);
  return out;
}

}  // namespace pgpm::sql
