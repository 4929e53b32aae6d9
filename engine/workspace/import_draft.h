// A change of an import while its statements are still coming in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/parse_tree_place.h"
#include "engine/sql/table_elements.h"
#include "pgpm/import.h"

namespace pgpm {

struct ImportDraft {
  ImportedModule::ImportedChange change;
  std::string statement;  ///< the one that makes it, without its semicolon
  std::string body;       ///< what comes behind that: rows of COPY, remarks, alterations
  std::vector<std::string> revert, verify, underivable;
  bool is_routine = false;
  /// While constraints may still go into the statement. Not for partitions and their like, whose
  /// constraints are another table's.
  std::optional<sql::TableElements> table;
  bool is_absorbed = false;     ///< another draft says it all
  bool is_folded = false;       ///< something went into it: the statement is table->text()
  bool keys_elsewhere = false;  ///< some unique constraint or index of the table is not in it
};

ImportedModule::ImportedChange finished(ImportDraft draft);
/// All of them as one.
ImportedModule::ImportedChange merged(std::vector<ImportDraft> drafts, const std::string& name);

/// The change's name for what is made there: "schemas/app/tables/users/table"; "misc/statement" for
/// nothing.
std::string change_name(std::vector<std::string> place, ImportOptions::Naming naming);
/// Of a further statement about what is made there.
std::vector<std::string> alteration_place(std::vector<std::string> place, std::size_t number);

/// The elements of a CREATE TABLE that constraints can go into.
std::optional<sql::TableElements> open_table(std::string_view create_table);
/// CREATE TABLE t () and an ALTER TABLE for each element; just the statement if that would say
/// something else.
std::vector<std::string> exploded(std::string_view statement);

}  // namespace pgpm
