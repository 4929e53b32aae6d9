#include "engine/session/script_units.h"

#include "engine/sql/lexer.h"
#include "engine/sql/statement_kind.h"
#include "engine/sql/statements.h"

namespace pgpm {

namespace {

using sql::TransactionVerb;

TransactionVerb verb_of(std::string_view text, const sql::Statement& statement) {
  return sql::transaction_statement(text.substr(statement.begin, statement.end - statement.begin))
      .verb;
}

bool ends_transaction(TransactionVerb verb) {
  return verb == TransactionVerb::commit || verb == TransactionVerb::rollback ||
         verb == TransactionVerb::chain;
}

/// Past the semicolon behind a statement, if there is one.
std::size_t past_semicolon(std::string_view text, std::size_t end) {
  const sql::Token token = sql::Lexer(text, end).next();
  return token.kind == sql::TokenKind::semicolon ? token.end : end;
}

}  // namespace

std::vector<ScriptUnit> split_units(std::string_view text) {
  sql::StatementReader reader(text);
  std::vector<ScriptUnit> units;
  while (const std::optional<sql::Statement> statement = reader.next()) {
    if (!units.empty())
      units.push_back({statement->begin, statement->end});
    else if (ends_transaction(verb_of(text, *statement)))
      units.push_back({0, past_semicolon(text, statement->end)});
  }
  if (units.size() < 2) return {{0, text.size()}};
  return units;
}

HeadTransaction head_transaction(std::string_view script, const std::vector<TestMacro>& macros) {
  if (macros.empty()) return HeadTransaction::as_written;
  sql::StatementReader reader(script);
  bool has_macro = false;
  while (const std::optional<sql::Statement> statement = reader.next()) {
    if (statement->begin == macros.front().begin) has_macro = true;
    const TransactionVerb verb = verb_of(script, *statement);
    if (verb == TransactionVerb::begin && !has_macro) return HeadTransaction::as_written;
    if (ends_transaction(verb))
      return has_macro ? HeadTransaction::begin : HeadTransaction::as_written;
  }
  return has_macro ? HeadTransaction::begin_and_commit : HeadTransaction::as_written;
}

}  // namespace pgpm
