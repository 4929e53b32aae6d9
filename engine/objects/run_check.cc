// Bodies of PL/pgSQL looked at by plpgsql_check, an extension of the server's, before the
// transaction ends.
#include <fmt/format.h>

#include "engine/objects/run.h"
#include "engine/sql/lexer.h"
#include "engine/sql/quote.h"

namespace pgpm::objects {

namespace {

/// Where the text of the body begins: behind the quote that follows AS.
std::size_t body_offset(std::string_view statement) {
  sql::Lexer lexer(statement);
  bool is_behind_as = false;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    const std::string_view text = lexer.text_of(token);
    if (is_behind_as && token.kind == sql::TokenKind::dollar_string)
      return token.begin + text.find('$', 1) + 1;
    if (is_behind_as && token.kind == sql::TokenKind::string)
      return token.begin + text.find('\'') + 1;
    is_behind_as = lexer.is_word(token, "as");
  }
  return 0;
}

/// The first word of a line of the body, counted from 1; the statement if there is no such line.
std::size_t offset_of_line(const ManagedObject& object, long line) {
  std::size_t at = body_offset(object.text);
  for (; line > 1; --line) {
    at = object.text.find('\n', at);
    if (at == std::string::npos) return object.offset;
    ++at;
  }
  const std::size_t word = object.text.find_first_not_of(" \t", at);
  return object.offset + (word == std::string::npos ? at : word);
}

std::string schema_of_check(db::Connection& connection) {
  const db::Result row = connection.exec(
      "SELECT n.nspname FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n"
      " ON n.oid = e.extnamespace WHERE e.extname = 'plpgsql_check'");
  return row.rows() == 0 ? std::string() : row.str(0, 0);
}

/// Functions of triggers are looked at with each table that calls them.
constexpr const char* findings_query =
    "WITH w AS MATERIALIZED (SELECT DISTINCT p.oid, coalesce(t.tgrelid, 0) AS relation,"
    " t.tgoldtable, t.tgnewtable FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS f (oid)"
    " JOIN pg_catalog.pg_proc AS p ON p.oid = f.oid"
    " JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang AND l.lanname = 'plpgsql'"
    " LEFT JOIN pg_catalog.pg_trigger AS t ON t.tgfoid = p.oid AND NOT t.tgisinternal"
    " WHERE p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype OR t.oid IS NOT NULL)"
    " SELECT w.oid, c.lineno, c.level, c.sqlstate, c.message, c.detail, c.hint FROM w CROSS JOIN"
    " LATERAL {}.plpgsql_check_function_tb(funcoid => w.oid, relid => w.relation, fatal_errors =>"
    " false, oldtable => w.tgoldtable, newtable => w.tgnewtable) AS c ORDER BY 1, 2, 5";

}  // namespace

std::vector<CatalogId> ObjectRun::bodies_to_check() const {
  std::set<std::size_t> bodies;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    if (objects_[i].definition.language != "plpgsql") continue;
    bool is_near = has_run_scripts_ || made_.contains(i);
    for (const Requirement& need : requirements_[i])
      is_near = is_near || made_.contains(need.object);
    if (is_near && live_.contains(i)) bodies.insert(i);
  }
  std::vector<CatalogId> ids;
  for (const std::size_t i : bodies) ids.push_back(live_.at(i));
  return ids;
}

void ObjectRun::check_plpgsql() {
  find_settled();
  const std::vector<CatalogId> ids = bodies_to_check();
  if (ids.empty()) return;
  const std::string schema = schema_of_check(connection_);
  if (schema.empty()) {
    report_.warnings.push_back(
        {Severity::warning,
         {},
         "PL/pgSQL bodies were not checked: the database has no extension plpgsql_check",
         "",
         "CREATE EXTENSION plpgsql_check;"});
    return;
  }
  std::string list = "{";
  for (const CatalogId& id : ids) list += (list.size() > 1 ? "," : "") + std::to_string(id.objid);
  const db::Result rows = connection_.query(
      fmt::format(fmt::runtime(findings_query), sql::quote_identifier(schema)), {list + "}"});
  const std::uint32_t routines = ids.front().classid;
  std::vector<Diagnostic> errors;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const CatalogId id{routines, static_cast<std::uint32_t>(rows.integer(row, 0))};
    const ManagedObject& object = objects_[declared_at_.at(id)];
    const std::size_t offset = offset_of_line(object, rows.integer(row, 1));
    const bool is_error = rows.text(row, 2) == "error";
    Diagnostic finding{
        is_error ? Severity::error : Severity::warning, object.source->location(offset),
        fmt::format("{} {}: {}", object_kind_name(object.key.kind), object.shown, rows.str(row, 4)),
        std::string(object.source->line_at(offset)),
        rows.str(row, rows.text(row, 6).empty() ? 5 : 6)};
    (is_error ? errors : report_.warnings).push_back(std::move(finding));
  }
  if (!errors.empty())
    throw Error(ErrorCode::sql, "PL/pgSQL bodies cannot run as they are").with(std::move(errors));
}

}  // namespace pgpm::objects
