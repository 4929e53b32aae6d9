// libpg_query's tree as it comes, JSON: nodes are objects with one member, named by the node; what
// is zero or empty is left out. Views: the tree must outlive them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm::sql {

class Node {
 public:
  explicit Node(const nlohmann::json& json) : json_(&json) {}

  /// The node's name and what is in it: {"CreateStmt": {...}}.
  std::string word() const;
  Node inner() const;
  /// A member, or nothing.
  Node at(const char* name) const;
  std::string text(const char* name) const;
  bool flag(const char* name) const;
  bool has(const char* name) const;
  std::vector<Node> list(const char* name) const;
  /// [{"String": {"sval": "a"}}, ...], also inside of {"List": {"items": ...}}.
  std::vector<std::string> strings() const;
  const nlohmann::json& json() const { return *json_; }

 private:
  const nlohmann::json* json_;
};

/// "s"."t", quoted, of {"schemaname": ..., "relname": ...} and of name parts.
std::string quoted_relation(const Node& range_var);
std::string quoted_name(const std::vector<std::string>& parts);
/// A type without modifiers, as it stands in a signature.
std::string quoted_type(const Node& type_name);
/// "s"."f"("pg_catalog"."int4"): what is passed in decides which routine is meant.
std::string quoted_signature(const std::vector<std::string>& name,
                             const std::vector<Node>& parameters);

/// The tree of one statement: its node with a name. A null value if it does not parse.
nlohmann::json parse_one(std::string_view statement);

}  // namespace pgpm::sql
