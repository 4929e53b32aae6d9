// The identity of what a statement defines.
#include <map>
#include <nlohmann/json.hpp>

#include "engine/sql/parse_tree_json.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {

namespace {

std::vector<TypeName> type_list(const Tree& list) {
  std::vector<TypeName> types;
  for (const Tree& each : list) types.push_back(type_name(each));
  return types;
}

/// What a routine is told apart by.
std::vector<TypeName> input_types(const Tree& parameters) {
  std::vector<TypeName> types;
  for (const Tree& each : parameters) {
    const Tree& parameter = member(each, "FunctionParameter");
    const std::string mode = text_member(parameter, "mode");
    if (mode != "FUNC_PARAM_OUT" && mode != "FUNC_PARAM_TABLE")
      types.push_back(type_name(member(parameter, "argType")));
  }
  return types;
}

/// "OBJECT_MATVIEW" as "materialized view".
std::string target_word(const std::string& object_type) {
  static const std::map<std::string, std::string> words{
      {"OBJECT_MATVIEW", "materialized view"},       {"OBJECT_TABCONSTRAINT", "constraint"},
      {"OBJECT_DOMCONSTRAINT", "domain constraint"}, {"OBJECT_FOREIGN_TABLE", "foreign table"},
      {"OBJECT_STATISTIC_EXT", "statistics"},        {"OBJECT_EVENT_TRIGGER", "event trigger"}};
  if (const auto found = words.find(object_type); found != words.end()) return found->second;
  constexpr std::string_view prefix = "OBJECT_";
  return lower_case(
      std::string_view(object_type).substr(object_type.starts_with(prefix) ? prefix.size() : 0));
}

bool is_part_of_relation(const std::string& what) {
  return what == "column" || what == "trigger" || what == "rule" || what == "policy" ||
         what == "constraint";
}

/// The object of a COMMENT or a GRANT, which the grammar writes in several ways.
TargetName target_name(const std::string& what, const Tree& node) {
  TargetName target;
  target.what = what;
  if (const Tree& routine = member(node, "ObjectWithArgs"); routine.is_object()) {
    target.name = object_name(member(routine, "objname"));
    target.arguments = type_list(member(routine, "objargs"));
    target.any_arguments = flag_member(routine, "args_unspecified");
  } else if (const Tree& relation = member(node, "RangeVar"); relation.is_object()) {
    target.name = relation_name(relation);
  } else if (const Tree& type = member(node, "TypeName"); type.is_object()) {
    target.name = type_name(type).name;
  } else if (const Tree& text = member(node, "String"); text.is_object()) {
    target.name.name = text_member(text, "sval");
  } else if (what == "domain constraint") {
    const Tree& list = member(node, "List");
    target.name = type_name(member(list, "items").at(0)).name;
    target.part = string_list(list).at(0);
  } else if (what == "cast") {
    target.arguments = type_list(member(member(node, "List"), "items"));
  } else {
    std::vector<std::string> parts = string_list(member(node, "List"));
    if (is_part_of_relation(what) && parts.size() > 1) {
      target.part = parts.back();
      parts.pop_back();
    }
    if (!parts.empty()) target.name.name = parts.back();
    if (parts.size() > 1) target.name.schema = parts[parts.size() - 2];
  }
  return target;
}

void read_view(const Tree& tree, Definition& into) {
  into.kind = DefinitionKind::view;
  into.name = relation_name(member(tree, "view"));
  into.replaces = flag_member(tree, "replace");
}

void read_table_as(const Tree& tree, Definition& into) {
  if (text_member(tree, "objtype") != "OBJECT_MATVIEW") return;
  into.kind = DefinitionKind::materialized_view;
  const Tree& target = member(tree, "into");
  into.name = relation_name(member(target, "rel"));
  into.is_unpopulated = flag_member(target, "skipData");
  into.unless_exists = flag_member(tree, "if_not_exists");
}

std::optional<std::vector<std::string>> search_path_of(const Tree& setting) {
  if (text_member(setting, "name") != "search_path") return std::nullopt;
  std::vector<std::string> schemas;
  for (const Tree& each : member(setting, "args"))
    schemas.push_back(text_member(member(member(each, "A_Const"), "sval"), "sval"));
  return schemas;
}

void read_function(const Tree& tree, Definition& into) {
  into.kind =
      flag_member(tree, "is_procedure") ? DefinitionKind::procedure : DefinitionKind::function;
  into.name = object_name(member(tree, "funcname"));
  into.arguments = input_types(member(tree, "parameters"));
  into.replaces = flag_member(tree, "replace");
  into.has_parsed_body = tree.contains("sql_body");
  if (into.has_parsed_body) into.language = "sql";
  for (const Tree& each : member(tree, "options")) {
    const Tree& option = member(each, "DefElem");
    const std::string name = text_member(option, "defname");
    if (name == "language")
      into.language = text_member(member(member(option, "arg"), "String"), "sval");
    else if (name == "set")
      if (auto path = search_path_of(member(member(option, "arg"), "VariableSetStmt")))
        into.search_path = std::move(path);
  }
}

void read_aggregate(const Tree& tree, Definition& into) {
  into.kind = DefinitionKind::aggregate;
  const Tree& arguments = member(tree, "args");
  if (arguments.is_array() && !arguments.empty()) {
    into.arguments = input_types(member(member(arguments[0], "List"), "items"));
    return;
  }
  for (const Tree& each : member(tree, "definition")) {  // the form before 8.2
    const Tree& element = member(each, "DefElem");
    if (lower_case(text_member(element, "defname")) != "basetype") continue;
    const TypeName base = type_name(member(element, "arg"));
    if (!base.is_none && base.name.name != "any") into.arguments = {base};
  }
}

void read_operator(const Tree& tree, Definition& into) {
  into.kind = DefinitionKind::operation;
  TypeName none;
  none.is_none = true;
  into.arguments = {none, none};
  for (const Tree& each : member(tree, "definition")) {
    const Tree& element = member(each, "DefElem");
    const std::string name = text_member(element, "defname");
    if (name == "leftarg") into.arguments[0] = type_name(member(element, "arg"));
    if (name == "rightarg") into.arguments[1] = type_name(member(element, "arg"));
  }
}

void read_define(const Tree& tree, Definition& into) {
  const std::string kind = text_member(tree, "kind");
  into.name = object_name(member(tree, "defnames"));
  into.replaces = flag_member(tree, "replace");
  if (kind == "OBJECT_AGGREGATE") read_aggregate(tree, into);
  if (kind == "OBJECT_OPERATOR") read_operator(tree, into);
}

void read_part(DefinitionKind kind, const Tree& tree, const char* name, const char* relation,
               Definition& into) {
  into.kind = kind;
  into.name = {"", text_member(tree, name)};
  into.on = relation_name(member(tree, relation));
  into.replaces = flag_member(tree, "replace");
  into.unless_exists = flag_member(tree, "if_not_exists");
}

void read_cast(const Tree& tree, Definition& into) {
  into.kind = DefinitionKind::cast;
  into.arguments = {type_name(member(tree, "sourcetype")), type_name(member(tree, "targettype"))};
}

void read_comment(const Tree& tree, Definition& into) {
  into.kind = DefinitionKind::comment;
  into.targets = {target_name(target_word(text_member(tree, "objtype")), member(tree, "object"))};
}

void read_grant(const Tree& tree, Definition& into) {
  if (text_member(tree, "targtype") != "ACL_TARGET_OBJECT") return;
  into.kind = DefinitionKind::grant;
  into.is_revoke = !flag_member(tree, "is_grant");
  const std::string what = target_word(text_member(tree, "objtype"));
  for (const Tree& each : member(tree, "objects")) into.targets.push_back(target_name(what, each));
}

void read_type(DefinitionKind kind, const Tree& name, Definition& into) {
  into.kind = kind;
  into.name = name.is_array() ? object_name(name) : relation_name(name);
}

}  // namespace

Definition read_definition(const std::string& node, const Tree& tree) {
  Definition definition;
  definition.node = node;
  if (node == "ViewStmt") read_view(tree, definition);
  if (node == "CreateTableAsStmt") read_table_as(tree, definition);
  if (node == "CreateFunctionStmt") read_function(tree, definition);
  if (node == "DefineStmt") read_define(tree, definition);
  if (node == "CreateEnumStmt") {
    read_type(DefinitionKind::enum_type, member(tree, "typeName"), definition);
    definition.labels = string_list(member(tree, "vals"));
  }
  if (node == "CompositeTypeStmt")
    read_type(DefinitionKind::composite_type, member(tree, "typevar"), definition);
  if (node == "CreateRangeStmt")
    read_type(DefinitionKind::range_type, member(tree, "typeName"), definition);
  if (node == "CreateDomainStmt")
    read_type(DefinitionKind::domain, member(tree, "domainname"), definition);
  if (node == "CreateTrigStmt")
    read_part(DefinitionKind::trigger, tree, "trigname", "relation", definition);
  if (node == "RuleStmt") read_part(DefinitionKind::rule, tree, "rulename", "relation", definition);
  if (node == "CreatePolicyStmt")
    read_part(DefinitionKind::policy, tree, "policy_name", "table", definition);
  if (node == "IndexStmt") {
    read_part(DefinitionKind::index, tree, "idxname", "relation", definition);
    definition.name.schema = definition.on.schema;
  }
  if (node == "CreateCastStmt") read_cast(tree, definition);
  if (node == "CommentStmt") read_comment(tree, definition);
  if (node == "GrantStmt") read_grant(tree, definition);
  return definition;
}

}  // namespace pgpm::sql
