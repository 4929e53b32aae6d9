#include "engine/sql/parse_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/sql/parse_tree_json.h"
#include "engine/sql/parse_tree_library.h"

namespace pgpm::sql {

namespace {

/// The grammar counts characters from 1.
std::size_t byte_offset(std::string_view text, int character) {
  std::size_t at = 0;
  for (int i = 1; i < character && at < text.size(); ++i) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

void sort_once(std::vector<Reference>& references) {
  std::sort(references.begin(), references.end());
  references.erase(std::unique(references.begin(), references.end()), references.end());
}

/// Statements after which whatever worked before still works.
bool node_only_adds(const std::string& node, const Tree& tree) {
  static const std::set<std::string> adding{"CreateStmt",
                                            "ViewStmt",
                                            "CreateTableAsStmt",
                                            "CreateFunctionStmt",
                                            "DefineStmt",
                                            "CompositeTypeStmt",
                                            "CreateEnumStmt",
                                            "CreateRangeStmt",
                                            "CreateDomainStmt",
                                            "CreateSchemaStmt",
                                            "CreateSeqStmt",
                                            "CreateExtensionStmt",
                                            "IndexStmt",
                                            "CreateTrigStmt",
                                            "CreateStatsStmt",
                                            "CreateCastStmt",
                                            "CommentStmt",
                                            "InsertStmt",
                                            "UpdateStmt",
                                            "DeleteStmt",
                                            "SelectStmt",
                                            "CopyStmt",
                                            "VariableSetStmt",
                                            "TruncateStmt",
                                            "ClusterStmt",
                                            "VacuumStmt",
                                            "AlterOwnerStmt",
                                            "RefreshMatViewStmt",
                                            "CreateForeignTableStmt"};
  if (adding.contains(node)) return true;
  if (node == "GrantStmt") return flag_member(tree, "is_grant");
  return node == "AlterEnumStmt" && text_member(tree, "oldVal").empty();
}

}  // namespace

Tree parse_to_tree(std::string_view sql, ParseProblem* problem) {
  const PgQueryParseResult result = pg_query().pg_query_parse(std::string(sql).c_str());
  Tree tree;
  if (result.error != nullptr) {
    if (problem != nullptr)
      *problem = {result.error->message, byte_offset(sql, result.error->cursorpos)};
  } else {
    Tree whole = Tree::parse(result.parse_tree, nullptr, /*allow_exceptions=*/false);
    tree = Tree::array();
    if (whole.is_object() && whole.contains("stmts")) tree = std::move(whole["stmts"]);
  }
  pg_query().pg_query_free_parse_result(result);
  return tree;
}

std::variant<Definition, ParseProblem> parse_statement(std::string_view statement) {
  ParseProblem problem;
  const Tree statements = parse_to_tree(statement, &problem);
  if (!problem.message.empty()) return problem;
  if (statements.size() != 1) return ParseProblem{"this is not one statement", 0};
  const auto node = statements[0]["stmt"].begin();
  Definition definition = read_definition(node.key(), node.value());
  collect_references(node.value(), /*late=*/false, definition.references);
  if (node.key() == "CreateFunctionStmt" && !definition.has_parsed_body)
    for (const Tree& option : member(node.value(), "options"))
      if (text_member(member(option, "DefElem"), "defname") == "as") {
        const auto body = string_list(member(member(member(option, "DefElem"), "arg"), "List"));
        if (!body.empty())
          collect_body_references(definition.language, body[0], statement, definition.references);
      }
  sort_once(definition.references);
  return definition;
}

std::vector<Reference> script_references(std::string_view script) {
  std::vector<Reference> found;
  for (const Tree& statement : parse_to_tree(script))
    collect_references(member(statement, "stmt"), /*late=*/false, found);
  sort_once(found);
  return found;
}

bool only_adds(std::string_view statement) {
  const Tree statements = parse_to_tree(statement);
  return !statements.empty() &&
         std::all_of(statements.begin(), statements.end(), [](const Tree& each) {
           const auto node = each["stmt"].begin();
           return node_only_adds(node.key(), node.value());
         });
}

}  // namespace pgpm::sql
