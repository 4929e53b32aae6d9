#include "engine/sql/fingerprint.h"

#include "engine/sql/lexer.h"
#include "engine/sql/statements.h"
#include "engine/text/ascii.h"
#include "engine/text/digest.h"
#include "engine/text/utf8.h"

namespace pgpm::sql {
namespace {

/// Hashes the normal form, which is SQL that lexes into the same tokens: different token streams
/// cannot meet in it.
class NormalForm {
 public:
  void add_statement(std::string_view statement) {
    Lexer lexer(statement);
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
      add_token(token.kind, lexer.text_of(token));
    }
    add(";\n");
  }
  void add(std::string_view text) { hash_.update(text); }
  std::string finish_hex() { return hash_.finish_hex(); }

 private:
  void add_token(TokenKind kind, std::string_view text) {
    // On one line the two pieces would be a syntax error.
    if (kind == TokenKind::continuation) add("\n");
    std::size_t lower = 0;
    if (kind == TokenKind::word || kind == TokenKind::number) lower = text.size();
    if (kind == TokenKind::string || kind == TokenKind::quoted_identifier) {
      lower = text.find_first_of("'\"");  // E, B, X, N, U&
    }
    add(lower_case(text.substr(0, lower)));
    add(text.substr(lower));
    add(" ");
  }

  Sha256 hash_;
};

}  // namespace

std::string fingerprint(std::string_view sql) {
  NormalForm form;
  StatementReader reader(sql, byte_order_mark(sql));
  while (const auto statement = reader.next()) {
    form.add_statement(sql.substr(statement->begin, statement->end - statement->begin));
    if (statement->kind != Statement::Kind::copy_in) continue;
    // Data is data: every byte counts.
    form.add(sql.substr(statement->data_begin, statement->data_end - statement->data_begin));
    form.add("\\.\n");
  }
  return form.finish_hex();
}

}  // namespace pgpm::sql
