#include "engine/sql/parse_tree_place.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/sql/parse_tree_node.h"

namespace pgpm::sql {
namespace {

using Parts = std::vector<std::string>;
/// pg_dump writes every schema; what has none is in the one that everybody has.
struct FullName {
  std::string schema, name;
  std::string text() const { return schema + "." + name; }
};
FullName of_relation(const Node& range_var) {
  const std::string schema = range_var.text("schemaname");
  return {schema.empty() ? "public" : schema, range_var.text("relname")};
}
FullName of_parts(const Parts& parts) {
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts[parts.size() - 2] : "public", parts.back()};
}

Place object(const FullName& name, Parts path) {
  Place place;
  place.kind = Place::Kind::object;
  place.provides = name.text();
  place.path = {"schemas", name.schema};
  place.path.insert(place.path.end(), path.begin(), path.end());
  return place;
}

Place of_table(const FullName& table, Parts path) {
  Place place = object(table, {"tables", table.name});
  place.path.insert(place.path.end(), path.begin(), path.end());
  place.provides.clear();
  place.table = table.text();
  return place;
}

Place add_constraint(const FullName& table, const Node& constraint) {
  Place place = of_table(table, {"constraints", constraint.text("conname"), "constraint"});
  const std::string kind = constraint.text("contype");
  place.is_constraint = true;
  place.is_key = kind == "CONSTR_PRIMARY" || kind == "CONSTR_UNIQUE";
  if (kind == "CONSTR_FOREIGN") place.refers_to = of_relation(constraint.at("pktable")).text();
  return place;
}

Place add_column(const FullName& table, const Node& definition) {
  Place place = of_table(table, {"columns", definition.text("colname"), "column"});
  place.is_column = true;
  return place;
}

Place alter_table(const Node& node) {
  const FullName table = of_relation(node.at("relation"));
  const std::vector<Node> commands = node.list("cmds");
  const Node command = commands.empty() ? node : commands.front().inner();
  const std::string kind = command.text("subtype");
  const std::string column = command.text("name");
  if (kind == "AT_ChangeOwner") {
    Place place;
    place.kind = Place::Kind::remark;
    place.about = table.text();
    return place;
  }
  if (kind == "AT_AddConstraint") return add_constraint(table, command.at("def").at("Constraint"));
  if (kind == "AT_AddColumn" && commands.size() == 1)
    return add_column(table, command.at("def").at("ColumnDef"));
  if (kind == "AT_ColumnDefault") return of_table(table, {"columns", column, "default"});
  if (kind == "AT_AddIdentity") return of_table(table, {"columns", column, "identity"});
  if (kind == "AT_EnableRowSecurity") return of_table(table, {"row_security"});
  if (kind == "AT_AttachPartition" && node.text("objtype") == "OBJECT_INDEX") {
    Place place;
    place.index = table.text();
    place.attached_index = of_relation(command.at("def").at("PartitionCmd").at("name")).text();
    return place;
  }
  if (kind == "AT_AttachPartition")
    return of_table(
        table, {"partitions", command.at("def").at("PartitionCmd").at("name").text("relname")});
  return of_table(table, {"alterations", "alteration"});
}

/// {"List": [...]}, {"ObjectWithArgs": ...}, {"TypeName": ...}, {"String": ...}.
std::string remarked(const std::string& type, const Node& object) {
  const std::string word = object.word();
  if (word == "String") return object.inner().text("sval");
  Parts parts = object.strings();
  if (word == "ObjectWithArgs") parts = object.inner().at("objname").strings();
  if (word == "TypeName") parts = object.inner().at("names").strings();
  if (word == "RangeVar") return of_relation(object.inner()).text();
  const bool in_table = type == "OBJECT_COLUMN" || type == "OBJECT_TABCONSTRAINT" ||
                        type == "OBJECT_TRIGGER" || type == "OBJECT_POLICY" ||
                        type == "OBJECT_RULE";
  // What is part of a table stands behind the table's name: the remark goes where that is made.
  if (in_table && parts.size() > 1) parts.pop_back();
  return of_parts(parts).text();
}

Place remark(const Node& node, const char* type, const char* member) {
  Place place;
  place.kind = Place::Kind::remark;
  place.about = remarked(node.text(type), node.at(member));
  if (node.text(type) == "OBJECT_EXTENSION") place.kind = Place::Kind::setting;
  return place;
}

/// Remarks about a part of a table belong to the change that makes the part.
Place comment(const Node& node) {
  Place place = remark(node, "objtype", "object");
  const std::string type = node.text("objtype");
  const Parts parts = node.at("object").strings();
  const std::map<std::string, const char*> kinds{{"OBJECT_TABCONSTRAINT", "constraints"},
                                                 {"OBJECT_TRIGGER", "triggers"},
                                                 {"OBJECT_POLICY", "policies"},
                                                 {"OBJECT_RULE", "rules"}};
  const auto kind = kinds.find(type);
  if (kind != kinds.end() && parts.size() > 1)
    place.about += std::string("/") + kind->second + "/" + parts.back();
  return place;
}

Place grant(const Node& node) {
  Place place;
  place.kind = Place::Kind::remark;
  const std::vector<Node> objects = node.list("objects");
  if (objects.size() == 1 && node.text("targtype") == "ACL_TARGET_OBJECT")
    place.about = remarked(node.text("objtype"), objects.front());
  return place;
}

Place on_table(const Node& table, const char* kind, const std::string& name) {
  return of_table(of_relation(table), {kind, name});
}

Place select(const Node& node) {
  Place place;
  const std::vector<Node> targets = node.list("targetList");
  if (targets.size() != 1) return place;
  const Node call = targets.front().at("ResTarget").at("val").at("FuncCall");
  const FullName name = of_parts(call.at("funcname").strings());
  if (name.name == "set_config") place.kind = Place::Kind::setting;
  if (name.name == "setval") {
    place.kind = Place::Kind::rows;
    place.path = {"fixtures", "sequences"};
  }
  return place;
}

Place rows(const Node& relation) {
  Place place = of_table(of_relation(relation), {"fixtures", "rows"});
  place.kind = Place::Kind::rows;
  return place;
}

using Rule = Place (*)(const Node&);
const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> table{
      {"CreateSchemaStmt",
       [](const Node& n) {
         Place place;
         place.kind = Place::Kind::object;
         place.provides = n.text("schemaname");
         place.path = {"schemas", place.provides, "schema"};
         return place;
       }},
      {"CreateStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("relation"));
         return object(name, {"tables", name.name, "table"});
       }},
      {"ViewStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("view"));
         return object(name, {"views", name.name, "view"});
       }},
      {"CreateTableAsStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("into").at("rel"));
         return object(name, {"views", name.name, "view"});
       }},
      {"RefreshMatViewStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("relation"));
         Place place = object(name, {"views", name.name, "refresh"});
         place.provides.clear();
         return place;
       }},
      {"CreateSeqStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("sequence"));
         return object(name, {"sequences", name.name, "sequence"});
       }},
      {"AlterSeqStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("sequence"));
         Place place = object(name, {"sequences", name.name, "owned_by"});
         place.provides.clear();
         return place;
       }},
      {"CreateFunctionStmt",
       [](const Node& n) {
         const FullName name = of_parts(n.at("funcname").strings());
         Place place = object(name, {"procedures", name.name, "procedure"});
         place.is_routine = true;
         return place;
       }},
      {"CreateEnumStmt",
       [](const Node& n) {
         const FullName name = of_parts(n.at("typeName").strings());
         return object(name, {"types", name.name});
       }},
      {"CreateRangeStmt",
       [](const Node& n) {
         const FullName name = of_parts(n.at("typeName").strings());
         return object(name, {"types", name.name});
       }},
      {"CompositeTypeStmt",
       [](const Node& n) {
         const FullName name = of_relation(n.at("typevar"));
         return object(name, {"types", name.name});
       }},
      {"CreateDomainStmt",
       [](const Node& n) {
         const FullName name = of_parts(n.at("domainname").strings());
         return object(name, {"types", name.name});
       }},
      {"DefineStmt",
       [](const Node& n) {
         const FullName name = of_parts(n.at("defnames").strings());
         return object(name, {"definitions", name.name});
       }},
      {"IndexStmt",
       [](const Node& n) {
         Place place = on_table(n.at("relation"), "indexes", n.text("idxname"));
         place.is_key = n.flag("unique");
         return place;
       }},
      {"CreateTrigStmt",
       [](const Node& n) { return on_table(n.at("relation"), "triggers", n.text("trigname")); }},
      {"CreatePolicyStmt",
       [](const Node& n) { return on_table(n.at("table"), "policies", n.text("policy_name")); }},
      {"RuleStmt",
       [](const Node& n) { return on_table(n.at("relation"), "rules", n.text("rulename")); }},
      {"AlterTableStmt", alter_table},
      {"CommentStmt", comment},
      {"GrantStmt", grant},
      {"AlterOwnerStmt", [](const Node& n) { return remark(n, "objectType", "object"); }},
      {"CopyStmt", [](const Node& n) { return rows(n.at("relation")); }},
      {"InsertStmt", [](const Node& n) { return rows(n.at("relation")); }},
      {"SelectStmt", select},
      {"VariableSetStmt",
       [](const Node&) {
         Place place;
         place.kind = Place::Kind::setting;
         return place;
       }},
      {"CreateExtensionStmt",
       [](const Node& n) {
         Place place;
         place.kind = Place::Kind::extension;
         place.extension = n.text("extname");
         return place;
       }},
  };
  return table;
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void add_mention(Place& place, const FullName& name) {
  if (name.name.empty() || name.schema == "pg_catalog") return;
  add(place.mentions, name.schema);
  add(place.mentions, name.text());
}

void collect_mentions(const nlohmann::json& tree, Place& place) {
  if (tree.is_object()) {
    const Node node(tree);
    if (tree.contains("relname")) add_mention(place, of_relation(node));
    for (const char* names : {"names", "funcname", "typeName", "objname"})
      if (const Parts parts = node.at(names).strings(); !parts.empty())
        add_mention(place, of_parts(parts));
    // 'app.seq'::regclass names an object, too.
    if (const std::string text = node.at("sval").text("sval"); text.find('.') != text.npos)
      add(place.mentions, text);
  }
  if (tree.is_structured())
    for (const nlohmann::json& part : tree) collect_mentions(part, place);
}

}  // namespace

Place place_of(std::string_view statement) {
  const nlohmann::json tree = parse_one(statement);
  const Node node(tree);
  const auto rule = rules().find(node.word());
  Place place = rule == rules().end() ? Place{} : rule->second(node.inner());
  collect_mentions(tree, place);
  return place;
}

}  // namespace pgpm::sql
