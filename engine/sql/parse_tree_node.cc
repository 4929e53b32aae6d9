#include "engine/sql/parse_tree_node.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/sql/parse_tree_library.h"
#include "engine/sql/quote.h"

namespace pgpm::sql {
namespace {

using Json = nlohmann::json;

const Json nothing;

}  // namespace

std::string Node::word() const {
  return json_->is_object() && !json_->empty() ? json_->begin().key() : std::string();
}

Node Node::inner() const {
  return Node(json_->is_object() && !json_->empty() ? json_->begin().value() : nothing);
}

Node Node::at(const char* name) const {
  if (!json_->is_object()) return Node(nothing);
  const auto found = json_->find(name);
  return Node(found == json_->end() ? nothing : *found);
}

std::string Node::text(const char* name) const {
  const Json& value = at(name).json();
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool Node::flag(const char* name) const {
  const Json& value = at(name).json();
  return value.is_boolean() && value.get<bool>();
}

bool Node::has(const char* name) const {
  return !at(name).json().is_null();
}

std::vector<Node> Node::list(const char* name) const {
  std::vector<Node> nodes;
  const Json& value = at(name).json();
  if (value.is_array())
    for (const Json& entry : value) nodes.emplace_back(entry);
  return nodes;
}

std::vector<std::string> Node::strings() const {
  if (word() == "List") return inner().at("items").strings();
  std::vector<std::string> texts;
  if (json_->is_array())
    for (const Json& entry : *json_) texts.push_back(Node(entry).at("String").text("sval"));
  return texts;
}

std::string quoted_name(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ".") + quote_identifier(part);
  return text;
}

std::string quoted_relation(const Node& range_var) {
  std::vector<std::string> parts;
  if (const std::string schema = range_var.text("schemaname"); !schema.empty())
    parts.push_back(schema);
  parts.push_back(range_var.text("relname"));
  return quoted_name(parts);
}

std::string quoted_type(const Node& type_name) {
  return quoted_name(type_name.at("names").strings()) + (type_name.has("arrayBounds") ? "[]" : "");
}

std::string quoted_signature(const std::vector<std::string>& name,
                             const std::vector<Node>& parameters) {
  std::vector<std::string> types;
  for (const Node& entry : parameters) {
    const Node parameter = entry.inner();
    const std::string mode = parameter.text("mode");
    if (mode != "FUNC_PARAM_OUT" && mode != "FUNC_PARAM_TABLE")
      types.push_back(quoted_type(parameter.at("argType")));
  }
  return fmt::format("{}({})", quoted_name(name), fmt::join(types, ", "));
}

Json parse_one(std::string_view statement) {
  const std::string text(statement);
  const PgQueryParseResult result = pg_query().pg_query_parse(text.c_str());
  Json tree = result.error == nullptr ? Json::parse(result.parse_tree, nullptr, false) : Json();
  pg_query().pg_query_free_parse_result(result);
  const bool one = tree.is_object() && tree.contains("stmts") && tree["stmts"].size() == 1;
  return one ? Json(tree["stmts"][0]["stmt"]) : Json();
}

}  // namespace pgpm::sql
