#include <nlohmann/json.hpp>

#include "engine/sql/parse_tree_json.h"

namespace pgpm::sql {

const Tree& member(const Tree& node, std::string_view name) {
  static const Tree nothing;
  if (!node.is_object()) return nothing;
  const auto found = node.find(name);
  return found == node.end() ? nothing : *found;
}

std::string text_member(const Tree& node, std::string_view name) {
  const Tree& text = member(node, name);
  return text.is_string() ? text.get<std::string>() : std::string();
}

bool flag_member(const Tree& node, std::string_view name) {
  const Tree& flag = member(node, name);
  return flag.is_boolean() && flag.get<bool>();
}

std::vector<std::string> string_list(const Tree& list) {
  const Tree& items = list.is_object() ? member(list, "items") : list;
  std::vector<std::string> texts;
  for (const Tree& item : items)
    if (const Tree& text = member(item, "String"); text.is_object())
      texts.push_back(text_member(text, "sval"));
  return texts;
}

ObjectName object_name(const Tree& list) {
  const std::vector<std::string> parts = string_list(list);
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts[parts.size() - 2] : std::string(), parts.back()};
}

ObjectName relation_name(const Tree& range_var) {
  return {text_member(range_var, "schemaname"), text_member(range_var, "relname")};
}

TypeName type_name(const Tree& node) {
  const Tree& inner = member(node, "TypeName");
  const Tree& type = inner.is_object() ? inner : node;
  TypeName name;
  if (!type.is_object() || !type.contains("names")) {
    name.is_none = true;
    return name;
  }
  name.name = object_name(type["names"]);
  name.is_array = type.contains("arrayBounds");
  name.is_copied = flag_member(type, "pct_type");
  return name;
}

}  // namespace pgpm::sql
