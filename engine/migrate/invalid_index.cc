#include "engine/migrate/invalid_index.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "engine/sql/lexer.h"
#include "engine/sql/quote.h"
#include "engine/text/ascii.h"

namespace pgpm {

namespace {

struct IndexStatement {
  std::string index;  ///< as the catalog has it
  std::string table;  ///< as written, perhaps with a schema
};

std::string catalog_name(std::string_view written) {
  if (!written.starts_with('"')) return lower_case(written);
  std::string name;
  for (std::size_t i = 1; i + 1 < written.size(); ++i) {
    name += written[i];
    if (written[i] == '"') ++i;
  }
  return name;
}

/// CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table ...
class IndexStatementReader {
 public:
  explicit IndexStatementReader(std::string_view statement) : lexer_(statement) { advance(); }

  std::optional<IndexStatement> read() {
    if (!take("create")) return std::nullopt;
    take("unique");
    if (!take("index") || !take("concurrently")) return std::nullopt;
    if (take("if")) {
      take("not");
      take("exists");
    }
    if (lexer_.is_word(token_, "on")) return std::nullopt;  // the server chooses the name
    IndexStatement found;
    found.index = catalog_name(lexer_.text_of(token_));
    advance();
    if (!take("on")) return std::nullopt;
    take("only");
    found.table = std::string(lexer_.text_of(token_));
    advance();
    if (lexer_.text_of(token_) == ".") {
      advance();
      found.table += "." + std::string(lexer_.text_of(token_));
    }
    return found;
  }

 private:
  void advance() { token_ = lexer_.next(); }
  bool take(std::string_view word) {
    if (!lexer_.is_word(token_, word)) return false;
    advance();
    return true;
  }

  sql::Lexer lexer_;
  sql::Token token_;
};

}  // namespace

IndexFate settle_interrupted_index(db::Connection& connection, std::string_view statement) {
  const std::optional<IndexStatement> built = IndexStatementReader(statement).read();
  if (!built) return IndexFate::not_an_index;
  const db::Result found = connection.query(
      "SELECT i.indisvalid, n.nspname, c.relname FROM pg_catalog.pg_index i "
      "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE i.indrelid = pg_catalog.to_regclass($1) AND c.relname = $2",
      {built->table, built->index});
  if (found.rows() == 0) return IndexFate::absent;
  if (found.boolean(0, 0)) return IndexFate::complete;
  connection.exec(fmt::format("DROP INDEX CONCURRENTLY {}.{}",
                              sql::quote_identifier(found.text(0, 1)),
                              sql::quote_identifier(found.text(0, 2))));
  return IndexFate::absent;
}

}  // namespace pgpm
