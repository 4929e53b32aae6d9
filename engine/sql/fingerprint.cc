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
    waiting_ += ";\n";
  }
  void add_data(std::string_view data) {
    flush();
    hash_.update(data);
    waiting_ += "\\.\n";
  }
  std::string finish_hex() {
    flush();
    return hash_.finish_hex();
  }

 private:
  void add_token(TokenKind kind, std::string_view text) {
    // On one line the two pieces would be a syntax error.
    if (kind == TokenKind::continuation) waiting_ += '\n';
    std::size_t lower = 0;
    if (kind == TokenKind::word || kind == TokenKind::number) lower = text.size();
    if (kind == TokenKind::string || kind == TokenKind::quoted_identifier) {
      lower = text.find_first_of("'\"");  // E, B, X, N, U&
    }
    for (const char c : text.substr(0, lower)) waiting_ += to_lower(c);
    waiting_ += text.substr(lower);
    waiting_ += ' ';
    if (waiting_.size() > enough) flush();
  }

  void flush() {
    hash_.update(waiting_);
    waiting_.clear();
  }

  /// A call of the hash for each token would cost more than the hashing.
  static constexpr std::size_t enough = 4096;

  Sha256 hash_;
  std::string waiting_;
};

}  // namespace

std::string fingerprint(std::string_view sql) {
  NormalForm form;
  StatementReader reader(sql, byte_order_mark(sql));
  while (const auto statement = reader.next()) {
    form.add_statement(sql.substr(statement->begin, statement->end - statement->begin));
    if (statement->kind != Statement::Kind::copy_in) continue;
    // Data is data: every byte counts.
    form.add_data(sql.substr(statement->data_begin, statement->data_end - statement->data_begin));
  }
  return form.finish_hex();
}

}  // namespace pgpm::sql
