#include "engine/session/test_macro.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/lexer.h"
#include "engine/sql/statements.h"
#include "engine/text/ascii.h"

namespace pgpm {

namespace {

using sql::TokenKind;

class MacroReader {
 public:
  MacroReader(std::string_view text, std::size_t from)
      : text_(text), lexer_(text, from), begin_(from), token_(lexer_.next()) {}

  std::optional<TestMacro> read() {
    TestMacro macro{begin_, begin_, {}, {}};
    if (!take_word("call")) return std::nullopt;
    if (take_word("pg_temp") && !take_text(".")) return std::nullopt;
    if (!take_word("pgmi_test") || !take(TokenKind::open_parenthesis)) return std::nullopt;
    if (!read_arguments(macro) || !take(TokenKind::close_parenthesis)) return std::nullopt;
    if (token_.kind != TokenKind::semicolon) return std::nullopt;
    macro.end = token_.end;
    return macro;
  }

 private:
  bool take(TokenKind kind) { return token_.kind == kind && advance(); }
  bool take_word(std::string_view word) { return lexer_.is_word(token_, word) && advance(); }
  bool take_text(std::string_view text) { return lexer_.text_of(token_) == text && advance(); }
  bool advance() {
    token_ = lexer_.next();
    return true;
  }

  bool read_arguments(TestMacro& macro) {
    if (token_.kind == TokenKind::close_parenthesis) return true;
    if (!take_word("null") && !take_literal(macro.pattern)) return false;
    return !take_text(",") || take_literal(macro.callback);
  }

  bool take_literal(std::optional<std::string>& value) {
    const std::string_view literal = lexer_.text_of(token_);
    if (token_.kind != TokenKind::string || literal.front() != '\'') return false;
    const std::string_view body = literal.substr(1, literal.size() - 2);
    if (body.find('\'') != std::string_view::npos) return false;
    if (!body.empty()) value = body;
    return advance();
  }

  std::string_view text_;
  sql::Lexer lexer_;
  std::size_t begin_;
  sql::Token token_;
};

bool is_identifier(std::string_view name) {
  return !name.empty() && name.size() <= 63 && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

bool is_callback_name(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return is_identifier(name);
  return is_identifier(name.substr(0, dot)) && is_identifier(name.substr(dot + 1));
}

}  // namespace

std::vector<TestMacro> find_test_macros(std::string_view script) {
  std::vector<TestMacro> macros;
  sql::StatementReader reader(script);
  while (const std::optional<sql::Statement> statement = reader.next())
    if (std::optional<TestMacro> macro = MacroReader(script, statement->begin).read())
      macros.push_back(*std::move(macro));
  return macros;
}

void require_callback_names(const SourceText& script, const std::vector<TestMacro>& macros) {
  for (const TestMacro& macro : macros) {
    if (!macro.callback || is_callback_name(*macro.callback)) continue;
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no name of a callback", *macro.callback))
        .at(script.location(macro.begin), std::string(script.line_at(macro.begin)))
        .hint("write name or schema.name, without quotes, such as 'pg_temp.my_callback'");
  }
}

}  // namespace pgpm
