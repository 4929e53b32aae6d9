// Everything a parse tree names. The walk knows shapes, not statements: a relation is whatever has
// a relname, a type whatever has names, so that a statement nobody thought of is read as well.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/sql/lexer.h"
#include "engine/sql/parse_tree_json.h"
#include "engine/sql/parse_tree_library.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {

namespace {

class Walk {
 public:
  Walk(bool late, std::vector<Reference>& found) : late_(late), found_(found) {}

  void visit(const Tree& tree) {
    if (tree.is_array()) {
      for (const Tree& each : tree) visit(each);
    } else if (tree.is_object()) {
      visit_object(tree);
    }
  }

 private:
  void add(Reference::Kind kind, ObjectName name) {
    if (name.name.empty() || name.schema == "pg_catalog") return;
    found_.push_back({kind, std::move(name), late_});
  }

  void visit_object(const Tree& node) {
    const std::size_t outer = hidden_.size();
    for (const Tree& each : member(member(node, "withClause"), "ctes"))
      hidden_.push_back(text_member(member(each, "CommonTableExpr"), "ctename"));
    note(node);
    for (const auto& [name, value] : node.items()) {
      note_member(name, value);
      visit(value);
    }
    hidden_.resize(outer);
  }

  void note(const Tree& node) {
    if (node.contains("relname")) {
      const ObjectName name = relation_name(node);
      const bool is_hidden = name.schema.empty() &&
                             std::find(hidden_.begin(), hidden_.end(), name.name) != hidden_.end();
      if (!is_hidden) add(Reference::Kind::relation, name);
    }
    if (node.contains("names") && node.contains("typemod")) note_type(node);
  }

  void note_type(const Tree& node) {
    if (!flag_member(node, "pct_type"))
      return add(Reference::Kind::type, object_name(node["names"]));
    // a.b.c%TYPE: the table is what stands before the last dot.
    std::vector<std::string> parts = string_list(node["names"]);
    if (parts.size() < 2) return;
    parts.pop_back();
    add(Reference::Kind::relation, {parts.size() > 1 ? parts[parts.size() - 2] : "", parts.back()});
  }

  void note_member(const std::string& name, const Tree& value) {
    if (name == "funcname") {  // of a call, a trigger, or what a function itself is called
      add(Reference::Kind::routine, object_name(value));
    } else if (name == "A_Expr") {
      if (const Tree& operation = member(value, "name"); operation.is_array())
        add(Reference::Kind::operation, object_name(operation));
    } else if (name == "ObjectWithArgs" || name == "func") {
      add(Reference::Kind::routine, object_name(member(value, "objname")));
    } else if (name == "DefElem") {
      note_definition(value);
    }
  }

  /// The routines in the definitions of aggregates, operators and ranges look like types.
  void note_definition(const Tree& element) {
    static const std::set<std::string> routines{
        "sfunc",    "finalfunc", "combinefunc", "serialfunc",  "deserialfunc",
        "msfunc",   "minvfunc",  "mfinalfunc",  "procedure",   "function",
        "restrict", "join",      "canonical",   "subtype_diff"};
    const std::string name = text_member(element, "defname");
    if (routines.contains(name))
      add(Reference::Kind::routine,
          object_name(member(member(member(element, "arg"), "TypeName"), "names")));
  }

  bool late_;
  std::vector<Reference>& found_;
  std::vector<std::string> hidden_;  // common table expressions in scope
};

void collect_from_sql(const std::string& sql, std::vector<Reference>& found) {
  for (const Tree& statement : parse_to_tree(sql))
    collect_references(member(statement, "stmt"), /*late=*/true, found);
}

/// A PL/pgSQL expression: a statement, an expression, or an assignment.
void collect_from_expression(const std::string& query, std::vector<Reference>& found) {
  const Tree as_is = parse_to_tree(query);
  if (!as_is.is_null()) {
    for (const Tree& statement : as_is)
      collect_references(member(statement, "stmt"), /*late=*/true, found);
    return;
  }
  std::string expression = query;
  if (parse_to_tree("SELECT " + expression).is_null()) {
    const std::size_t assigned = expression.find('=');
    if (assigned != std::string::npos) expression.erase(0, assigned + 1);
  }
  collect_from_sql("SELECT " + expression, found);
}

/// A declared variable's type: "s.t", "t%rowtype", "t.c%TYPE", "numeric(10, 2)[]".
void collect_from_type(std::string text, std::vector<Reference>& found) {
  const std::size_t percent = text.find('%');
  const bool is_copied = percent != std::string::npos;
  const bool is_row = is_copied && istarts_with(text.substr(percent + 1), "row");
  if (is_row) text.erase(percent);
  if (text == "UNKNOWN" || text.empty()) return;
  if (is_copied && !is_row) {
    const std::size_t dot = text.rfind('.', percent);
    if (dot == std::string::npos) return;
    text.erase(dot);
  }
  const std::size_t before = found.size();
  collect_from_sql("SELECT NULL::" + text, found);
  if (is_copied)
    for (std::size_t i = before; i < found.size(); ++i) found[i].kind = Reference::Kind::relation;
}

void collect_from_plpgsql(const Tree& tree, std::vector<Reference>& found) {
  if (tree.is_array()) {
    for (const Tree& each : tree) collect_from_plpgsql(each, found);
  } else if (tree.is_object()) {
    for (const auto& [name, value] : tree.items()) {
      if (name == "PLpgSQL_expr")
        collect_from_expression(text_member(value, "query"), found);
      else if (name == "PLpgSQL_type")
        collect_from_type(text_member(value, "typname"), found);
      else
        collect_from_plpgsql(value, found);
    }
  }
}

std::string folded(std::string_view token, TokenKind kind) {
  if (kind == TokenKind::word) return lower_case(token);
  std::string name;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    name += token[i];
    if (token[i] == '"') ++i;
  }
  return name;
}

/// Where the body's parser gives up (it knows no bare RETURN NEXT): every name that stands there
/// may be meant. What it is, the names that are there tell.
void collect_by_words(const std::string& body, std::vector<Reference>& found) {
  Lexer lexer(body);
  std::string before;
  bool is_joined = false;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier) {
      const std::string name = folded(lexer.text_of(token), token.kind);
      const ObjectName whole{is_joined ? before : std::string(), name};
      for (const Reference::Kind kind :
           {Reference::Kind::relation, Reference::Kind::routine, Reference::Kind::type})
        found.push_back({kind, whole, /*late=*/true});
      before = name;
      is_joined = false;
    } else {
      is_joined = lexer.text_of(token) == "." && !before.empty();
    }
  }
}

}  // namespace

void collect_references(const Tree& tree, bool late, std::vector<Reference>& found) {
  Walk(late, found).visit(tree);
}

void collect_body_references(const std::string& language, const std::string& body,
                             std::string_view statement, std::vector<Reference>& found) {
  if (language == "sql") return collect_from_sql(body, found);
  if (language != "plpgsql") return;
  const PgQueryPlpgsqlParseResult result =
      pg_query().pg_query_parse_plpgsql(std::string(statement).c_str());
  const Tree tree = result.error == nullptr
                        ? Tree::parse(result.plpgsql_funcs, nullptr, /*allow_exceptions=*/false)
                        : Tree();
  pg_query().pg_query_free_plpgsql_parse_result(result);
  if (tree.is_array())
    collect_from_plpgsql(tree, found);
  else
    collect_by_words(body, found);
}

}  // namespace pgpm::sql
