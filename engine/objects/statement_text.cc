#include "engine/objects/statement_text.h"

#include <fmt/format.h>

#include "engine/sql/quote.h"
#include "engine/sql/words.h"
#include "engine/text/source_text.h"

namespace pgpm::objects {

namespace {

constexpr std::string_view or_replace = " OR REPLACE";

bool has_replacement(ObjectKind kind, int server_major) {
  switch (kind) {
    case ObjectKind::view:
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::rule:
      return true;
    case ObjectKind::aggregate:
      return server_major >= 12;
    default:
      return false;
  }
}

/// The byte in the declaration that the server's character means.
std::size_t offset_in(const ManagedObject& object, const SentText& sent, std::size_t position) {
  const SourceText text("", sent.sql);
  std::size_t offset = text.offset_of_character(position - 1);
  if (offset >= sent.inserted_at + sent.inserted)
    offset -= sent.inserted;
  else if (offset > sent.inserted_at)
    offset = sent.inserted_at;
  return object.offset + offset;
}

}  // namespace

SentText as_written(const ManagedObject& object) {
  return {object.text, 0, 0};
}

std::optional<SentText> as_replacement(const ManagedObject& object, int server_major) {
  if (!has_replacement(object.key.kind, server_major)) return std::nullopt;
  if (object.definition.replaces) return as_written(object);
  sql::Lexer lexer(object.text);
  const sql::Token create = lexer.next();
  SentText sent{object.text, create.end, or_replace.size()};
  sent.sql.insert(create.end, or_replace);
  return sent;
}

std::optional<std::string> as_temporary_view(const ManagedObject& object, const std::string& name) {
  // CREATE ... VIEW name [(columns)] ... AS query [WITH ...]
  sql::Lexer lexer(object.text);
  std::size_t depth = 0, columns = 0, columns_end = 0, query = 0, end = object.text.size();
  bool seen_with = false;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind == sql::TokenKind::close_parenthesis && --depth == 0 && columns_end == 0)
      columns_end = token.end;
    if (token.kind == sql::TokenKind::open_parenthesis && depth++ == 0 && columns == 0 &&
        !seen_with && query == 0)
      columns = token.begin;
    if (depth > 0) continue;
    if (query == 0 && lexer.is_word(token, "with")) seen_with = true;
    if (query == 0 && lexer.is_word(token, "recursive")) return std::nullopt;
    if (query == 0 && lexer.is_word(token, "as")) query = token.end;
    if (query != 0 && lexer.is_word(token, "with")) end = token.begin;
    // A WITH that a query begins with is none of those behind it.
    if (query != 0 && end != object.text.size() &&
        (lexer.is_word(token, "select") || lexer.is_word(token, "values")))
      end = object.text.size();
  }
  if (query == 0) return std::nullopt;
  return fmt::format("CREATE TEMPORARY VIEW {} {} AS {}", sql::quote_identifier(name),
                     columns == 0 ? "" : object.text.substr(columns, columns_end - columns),
                     object.text.substr(query, end - query));
}

Error in_file(const Error& error, const ManagedObject& object, const SentText& sent) {
  Error located = error;
  std::size_t offset = object.offset;
  if (error.server() && error.server()->position > 0)
    offset = offset_in(object, sent, error.server()->position);
  located.at(object.source->location(offset), std::string(object.source->line_at(offset)));
  located.add_context(fmt::format("making {} {}", object_kind_name(object.key.kind), object.shown));
  return located;
}

}  // namespace pgpm::objects
