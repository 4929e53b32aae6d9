#include "engine/migrate/gone_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/sql/quote.h"
#include "engine/sql/words.h"
#include "engine/text/ascii.h"

namespace pgpm {

namespace {

std::string_view text_of(const sql::Script& script, const sql::Statement& statement) {
  return script.source().bytes().substr(statement.begin, statement.end - statement.begin);
}

/// What verify scripts are made of. EXECUTE refuses SELECT INTO, at any depth of WITH.
bool is_question(std::string_view statement) {
  sql::Words words(statement);
  if (words.at("DO") || words.at("SET")) return true;
  const std::array<const char*, 4> beginnings{"SELECT", "WITH", "VALUES", "TABLE"};
  if (std::none_of(beginnings.begin(), beginnings.end(),
                   [&](const char* word) { return words.at(word); }))
    return false;
  for (; !words.at_end(); words.advance())
    if (words.at("INTO")) return false;
  return true;
}

/// Which counts from the next statement on, and here all is one.
bool sets_time_limit(std::string_view text) {
  constexpr std::string_view limit = "statement_timeout";
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(text.begin(), text.end(), limit.begin(), limit.end(), same) != text.end();
}

}  // namespace

bool can_be_asked(const sql::Script& script) {
  if (sets_time_limit(script.source().bytes())) return false;
  if (!script.transactional() || script.has_open_parenthesis() || script.has_errors()) return false;
  const auto statements = script.statements();
  return std::all_of(statements.begin(), statements.end(), [&](const sql::Statement& statement) {
    return statement.kind == sql::Statement::Kind::ordinary &&
           is_question(text_of(script, statement));
  });
}

std::string gone_question_sql(const sql::Script& script, std::size_t number) {
  std::string text;
  script.append_sendable(text);
  // A failed ASSERT is the one failure that OTHERS leaves out; a cancelled query is to go through.
  const std::string body = fmt::format(
      "BEGIN EXECUTE {}; RAISE SQLSTATE 'PM001'; EXCEPTION WHEN SQLSTATE 'PM001' THEN PERFORM "
      "pg_catalog.set_config('pgpm.still_there', '{}', true); WHEN ASSERT_FAILURE THEN NULL; WHEN "
      "OTHERS THEN IF SQLSTATE OPERATOR(pg_catalog.=) ANY (ARRAY['55P03', '40P01', '40001']) THEN "
      "RAISE; END IF; END",
      sql::quote_literal(text), number);
  return "DO LANGUAGE plpgsql " + sql::quote_literal(body);
}

void locate_in_script(db::BatchFailure& failure, const sql::Script& script) {
  ServerMessage& said = failure.message;
  if (said.internal_query == script.sendable() && said.internal_position > 0) {
    const std::size_t at =
        SourceText({}, said.internal_query).offset_of_character(said.internal_position - 1);
    failure.where = script.source().location(at);
    failure.source_line = script.source().line_at(at);
    said.internal_query.clear();
    said.internal_position = 0;
  }
  // Behind the script's own frames there are the block's.
  const std::size_t block = said.context.rfind("PL/pgSQL function inline_code_block");
  if (block != std::string::npos) said.context.erase(block);
  while (!said.context.empty() && said.context.back() == '\n') said.context.pop_back();
}

std::string gone_answer_sql(std::size_t number) {
  return fmt::format(
      "SELECT COALESCE(pg_catalog.current_setting('pgpm.still_there', true) "
      "OPERATOR(pg_catalog.=) '{}', false)",
      number);
}

}  // namespace pgpm
