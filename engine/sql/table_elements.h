// CREATE TABLE and ALTER TABLE cut into what stands between the commas, so that a constraint can
// move from one to the other as its author wrote it. Text in, text out: nothing is printed from a
// parse tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm::sql {

/// CREATE TABLE NAME ( elements ) rest.
struct TableElements {
  std::string head;                   ///< up to the parenthesis
  std::vector<std::string> elements;  ///< trimmed, in order
  std::string rest;                   ///< behind the parenthesis, trimmed
  std::string name;                   ///< as written, quoted and qualified as it is

  std::string text() const;
};
/// nullopt for what has no such list: AS, OF, PARTITION OF, and everything else.
std::optional<TableElements> table_elements(std::string_view create_table);

/// Of an ALTER TABLE that adds one constraint and does nothing else, the constraint as a table's
/// element; nullopt if it cannot stand there (NOT VALID, USING INDEX).
std::optional<std::string> added_constraint(std::string_view alter_table);

/// The element is a column, not a constraint or LIKE.
bool is_column(std::string_view element);

}  // namespace pgpm::sql
