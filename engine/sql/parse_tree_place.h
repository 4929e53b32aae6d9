// Which object a statement of a dump makes or is about, and where its change stands in a module:
// upstream's naming of change paths (schemas/S/tables/T/table, ...).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm::sql {

struct Place {
  enum class Kind {
    object,     ///< makes something: a change of its own
    remark,     ///< COMMENT, GRANT, OWNER: belongs to the object `about`
    extension,  ///< CREATE EXTENSION
    rows,       ///< COPY, INSERT, setval()
    setting,    ///< SET, set_config(): pg_dump's own
    other,      ///< whatever it is
  } kind = Kind::other;
  std::vector<std::string> path;  ///< parts of the change's name; empty for remarks and settings
  std::string provides;           ///< "schema.name" of what it makes, "" if nothing has such a name
  std::string about;              ///< of a remark: "schema.name", or "schema" for schemas
  std::string table;              ///< "schema.name" of the table it makes a part of
  std::string refers_to;          ///< of a foreign key: the other table
  /// ALTER INDEX INDEX ATTACH PARTITION ATTACHED, both "schema.name".
  std::string index, attached_index;
  bool is_column = false;      ///< ALTER TABLE that adds a column
  bool is_constraint = false;  ///< ALTER TABLE that adds a constraint
  bool is_key = false;         ///< the constraint or index is unique
  std::string extension;
  bool is_routine = false;
  std::vector<std::string> mentions;  ///< "schema.name", and "schema", each once
};

/// A statement that does not parse is `other` and mentions nothing.
Place place_of(std::string_view statement);

}  // namespace pgpm::sql
