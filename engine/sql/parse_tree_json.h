// Between the files of the parse tree: libpg_query's JSON as values. Fields that are zero are left
// out in it, and nodes are objects with one member, named by the node.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/parse_tree.h"

namespace pgpm::sql {

using Tree = nlohmann::json;

/// A member, or a null value.
const Tree& member(const Tree& node, std::string_view name);
std::string text_member(const Tree& node, std::string_view name);
bool flag_member(const Tree& node, std::string_view name);
/// [{"String": {"sval": "a"}}, ...] as texts.
std::vector<std::string> string_list(const Tree& list);
/// The last two of a list of name parts.
ObjectName object_name(const Tree& list);
/// {"schemaname": ..., "relname": ...}
ObjectName relation_name(const Tree& range_var);
TypeName type_name(const Tree& node);

/// Everything the tree names, appended. Names of common table expressions are none.
void collect_references(const Tree& tree, bool late, std::vector<Reference>& found);
/// The same of a function's body, which is text: SQL or PL/pgSQL. `statement` is the whole CREATE.
void collect_body_references(const std::string& language, const std::string& body,
                             std::string_view statement, std::vector<Reference>& found);

/// The node of a statement as a definition, references not yet among it.
Definition read_definition(const std::string& node, const Tree& tree);

/// The statements of a text: [{"stmt": {...}}, ...]; null if it does not parse.
Tree parse_to_tree(std::string_view sql, ParseProblem* problem = nullptr);

}  // namespace pgpm::sql
