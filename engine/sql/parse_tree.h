// What a statement defines and what it names, by PostgreSQL's own grammar (libpg_query, the grammar
// of PostgreSQL 15). Text in, values out: nothing is looked up, names are as written (folded), and
// whether they exist is others' to say. Bodies of SQL and PL/pgSQL functions are read along.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pgpm::sql {

/// schema "" = whatever the search_path says.
struct ObjectName {
  std::string schema, name;
  auto operator<=>(const ObjectName&) const = default;
};

/// A type as written in a signature. Type modifiers are no part of a signature.
struct TypeName {
  ObjectName name;
  bool is_array = false;
  bool is_none = false;    ///< the missing operand of a prefix operator
  bool is_copied = false;  ///< t.c%TYPE: name.schema is the table's, name.name the column's
  auto operator<=>(const TypeName&) const = default;
};

enum class DefinitionKind {
  view,
  materialized_view,
  function,
  procedure,
  aggregate,
  enum_type,
  composite_type,
  range_type,
  domain,
  trigger,
  rule,
  policy,
  operation,  ///< an operator
  cast,
  index,
  comment,
  grant,  ///< GRANT or REVOKE
  other,  ///< whatever it is: Definition::node names it
};

struct Reference {
  enum class Kind { relation, routine, type, operation } kind = Kind::relation;
  ObjectName name;
  /// Only in a body that is text to the server: it may come later than who names it.
  bool late = false;
  auto operator<=>(const Reference&) const = default;
};

/// What a comment or a grant is about.
struct TargetName {
  /// "view", "function", "column", "trigger", ... as in COMMENT ON; of grants "table", "function",
  /// "type", "schema", ...
  std::string what;
  ObjectName name;
  std::string part;  ///< the column, trigger, rule or policy of `name`; "" = itself
  std::vector<TypeName> arguments;
  bool any_arguments = false;  ///< no arguments were written
};

struct Definition {
  DefinitionKind kind = DefinitionKind::other;
  std::string node;  ///< the grammar's word, "ViewStmt"
  ObjectName name;   ///< of a trigger, rule or policy only name.name
  ObjectName on;     ///< whose trigger, rule, policy or index it is
  /// Input arguments of a routine, both operands of an operator, source and target of a cast.
  std::vector<TypeName> arguments;
  bool replaces = false;         ///< OR REPLACE was written
  bool unless_exists = false;    ///< IF NOT EXISTS was written
  bool is_revoke = false;        ///< of a grant
  bool is_unpopulated = false;   ///< WITH NO DATA
  bool has_parsed_body = false;  ///< BEGIN ATOMIC or RETURN: checked and bound when created
  std::string language;
  std::vector<std::string> labels;                      ///< of an enum
  std::optional<std::vector<std::string>> search_path;  ///< a function's SET search_path
  std::vector<TargetName> targets;                      ///< of a comment (one) or a grant
  std::vector<Reference> references;                    ///< sorted, each once
};

struct ParseProblem {
  std::string message;     ///< PostgreSQL's words
  std::size_t offset = 0;  ///< byte in the statement
};

/// `statement` is one statement without the semicolon.
std::variant<Definition, ParseProblem> parse_statement(std::string_view statement);

/// What a script of any statements names, as far as it parses.
std::vector<Reference> script_references(std::string_view script);

/// Whether it is certain that a program that runs beside an old schema is not disturbed by this
/// statement, as far as its form tells: what makes something new, writes rows or comments.
bool only_adds(std::string_view statement);

}  // namespace pgpm::sql
