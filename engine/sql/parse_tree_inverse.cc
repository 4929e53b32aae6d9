#include "engine/sql/parse_tree_inverse.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

#include "engine/sql/parse_tree_node.h"
#include "engine/sql/quote.h"
#include "engine/sql/words.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

/// A cast fails where there is no such object: 'app.users'::regclass.
std::string exists(const std::string& name, const char* type) {
  return fmt::format("SELECT {}::pg_catalog.{}", quote_literal(name), type);
}

/// Fails with a division by zero if no row is there.
std::string some_row(const std::string& catalog, const std::string& condition) {
  return fmt::format("SELECT 1 / pg_catalog.count(*) FROM pg_catalog.{} WHERE {}", catalog,
                     condition);
}

Inverse dropped(const char* kind, const std::string& name, std::string verify) {
  return {{fmt::format("DROP {} {}", kind, name)}, {std::move(verify)}, {}};
}

Inverse relation(const char* kind, const Node& range_var) {
  const std::string name = quoted_relation(range_var);
  return dropped(kind, name, exists(name, "regclass"));
}

Inverse type(const char* kind, const std::vector<std::string>& parts) {
  const std::string name = quoted_name(parts);
  return dropped(kind, name, exists(name, "regtype"));
}

Inverse routine(const Node& node) {
  const std::string name = quoted_signature(node.at("funcname").strings(), node.list("parameters"));
  return dropped(node.flag("is_procedure") ? "PROCEDURE" : "FUNCTION", name,
                 exists(name, "regprocedure"));
}

Inverse on_table(const char* kind, const std::string& name, const Node& table, const char* catalog,
                 const char* name_column, const char* table_column) {
  const std::string on = quoted_relation(table);
  return {{fmt::format("DROP {} {} ON {}", kind, quote_identifier(name), on)},
          {some_row(catalog, fmt::format("{} = {}::pg_catalog.regclass AND {} = {}", table_column,
                                         quote_literal(on), name_column, quote_literal(name)))},
          {}};
}

Inverse by_name(const char* kind, const std::string& name, const char* catalog,
                const char* column) {
  return dropped(kind, quote_identifier(name),
                 some_row(catalog, fmt::format("{} = {}", column, quote_literal(name))));
}

Inverse index(const Node& node) {
  const std::string name = node.text("idxname");
  if (name.empty()) return {{}, {}, "the index has no name of its own"};
  std::vector<std::string> parts;
  if (const std::string schema = node.at("relation").text("schemaname"); !schema.empty())
    parts.push_back(schema);
  parts.push_back(name);
  const std::string full = quoted_name(parts);
  return dropped("INDEX", full, exists(full, "regclass"));
}

std::string column_exists(const std::string& table, const std::string& column) {
  return fmt::format("SELECT {} FROM {} WHERE FALSE", quote_identifier(column), table);
}

/// One action of ALTER TABLE: what is put behind ALTER TABLE x to undo it.
struct Action {
  std::string undo, verify, underivable;
};

Action add_constraint(const Node& command, const std::string& table) {
  const std::string name = command.at("def").at("Constraint").text("conname");
  if (name.empty()) return {{}, {}, "a constraint has no name of its own"};
  return {
      "DROP CONSTRAINT " + quote_identifier(name),
      some_row("pg_constraint", fmt::format("conrelid = {}::pg_catalog.regclass AND conname = {}",
                                            quote_literal(table), quote_literal(name))),
      {}};
}

Action undo_of(const Node& command, const std::string& table) {
  const std::string kind = command.text("subtype");
  const std::string column = quote_identifier(command.text("name"));
  const bool has_default = command.has("def");
  if (kind == "AT_AddColumn") {
    const std::string added = command.at("def").at("ColumnDef").text("colname");
    return {"DROP COLUMN " + quote_identifier(added), column_exists(table, added), {}};
  }
  if (kind == "AT_AddConstraint") return add_constraint(command, table);
  if (kind == "AT_ColumnDefault" && has_default)
    return {fmt::format("ALTER COLUMN {} DROP DEFAULT", column), {}, {}};
  if (kind == "AT_SetNotNull")
    return {fmt::format("ALTER COLUMN {} DROP NOT NULL", column), {}, {}};
  if (kind == "AT_AddIdentity")
    return {fmt::format("ALTER COLUMN {} DROP IDENTITY", column), {}, {}};
  if (kind == "AT_EnableRowSecurity") return {"DISABLE ROW LEVEL SECURITY", {}, {}};
  if (kind == "AT_ForceRowSecurity") return {"NO FORCE ROW LEVEL SECURITY", {}, {}};
  if (kind == "AT_AttachPartition") {
    const std::string part = quoted_relation(command.at("def").at("PartitionCmd").at("name"));
    return {"DETACH PARTITION " + part, {}, {}};
  }
  if (kind == "AT_ChangeOwner") return {};
  return {{}, {}, fmt::format("what ALTER TABLE ({}) found is not known", kind.substr(3))};
}

Inverse alter_table(const Node& node) {
  Inverse inverse;
  const std::string name = quoted_relation(node.at("relation"));
  if (node.text("objtype") == "OBJECT_INDEX") return inverse;  // attached indexes go with theirs
  std::string actions;
  const std::vector<Node> commands = node.list("cmds");
  for (auto command = commands.rbegin(); command != commands.rend(); ++command) {
    const Action action = undo_of(command->inner(), name);
    if (!action.undo.empty()) actions += (actions.empty() ? "" : ", ") + action.undo;
    if (!action.verify.empty()) inverse.verify.push_back(action.verify);
    if (inverse.underivable.empty()) inverse.underivable = action.underivable;
  }
  const bool view = node.text("objtype") == "OBJECT_VIEW";
  if (!actions.empty())
    inverse.revert = {fmt::format("ALTER {} {} {}", view ? "VIEW" : "TABLE", name, actions)};
  return inverse;
}

Inverse alter_sequence(const Node& node) {
  for (const Node& option : node.list("options"))
    if (option.inner().text("defname") == "owned_by")
      return {
          {fmt::format("ALTER SEQUENCE {} OWNED BY NONE", quoted_relation(node.at("sequence")))},
          {},
          {}};
  return {{}, {}, "what the sequence was before is not known"};
}

/// GRANT a ON b TO c: the text with REVOKE and FROM instead, without what stands behind c.
Inverse grant(const Node& node, std::string_view statement) {
  if (!node.flag("is_grant")) return {{}, {}, "what REVOKE took away is not known"};
  const auto place = [&](const Words& words) { return statement.size() - words.rest().size(); };
  Words words(statement);
  words.advance();
  const std::size_t what = place(words);
  if (!words.find("to")) return {{}, {}, "the grant is not understood"};
  const std::size_t to = place(words);
  Words tail(statement, to + 2);
  const std::size_t end = tail.find("with") ? place(tail) : statement.size();
  return {{fmt::format("REVOKE {}FROM{}", statement.substr(what, to - what),
                       trim_right(statement.substr(to + 2, end - to - 2)))},
          {},
          {}};
}

/// COMMENT ON x IS 'y': the text up to IS, and NULL.
Inverse comment(std::string_view statement) {
  Words words(statement);
  if (!words.find("is")) return {{}, {}, "the comment is not understood"};
  return {{std::string(statement.substr(0, statement.size() - words.rest().size())) + "IS NULL"},
          {},
          {}};
}

Inverse defined(const Node& node) {
  const std::string kind = node.text("kind");
  const std::vector<std::string> names = node.at("defnames").strings();
  if (kind == "OBJECT_AGGREGATE" && !node.flag("oldstyle")) {
    const auto& args = node.at("args").json();
    if (args.is_array() && !args.empty() && args[0].contains("List")) {
      const std::string name = quoted_signature(names, Node(args[0]).inner().list("items"));
      return dropped("AGGREGATE", name, exists(name, "regprocedure"));
    }
  }
  if (kind == "OBJECT_TYPE") return type("TYPE", names);
  static const std::map<std::string, const char*> kinds{
      {"OBJECT_COLLATION", "COLLATION"},
      {"OBJECT_TSCONFIGURATION", "TEXT SEARCH CONFIGURATION"},
      {"OBJECT_TSDICTIONARY", "TEXT SEARCH DICTIONARY"},
      {"OBJECT_TSPARSER", "TEXT SEARCH PARSER"},
      {"OBJECT_TSTEMPLATE", "TEXT SEARCH TEMPLATE"}};
  const auto known = kinds.find(kind);
  if (known == kinds.end()) return {{}, {}, "no rule undoes this kind of definition"};
  return {{fmt::format("DROP {} {}", known->second, quoted_name(names))}, {}, {}};
}

using Rule = Inverse (*)(const Node&);

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> table{
      {"CreateStmt", [](const Node& n) { return relation("TABLE", n.at("relation")); }},
      {"CreateForeignTableStmt",
       [](const Node& n) { return relation("FOREIGN TABLE", n.at("base").at("relation")); }},
      {"ViewStmt", [](const Node& n) { return relation("VIEW", n.at("view")); }},
      {"CreateTableAsStmt",
       [](const Node& n) {
         const bool view = n.text("objtype") == "OBJECT_MATVIEW";
         return relation(view ? "MATERIALIZED VIEW" : "TABLE", n.at("into").at("rel"));
       }},
      {"CreateSeqStmt", [](const Node& n) { return relation("SEQUENCE", n.at("sequence")); }},
      {"IndexStmt", index},
      {"CreateSchemaStmt",
       [](const Node& n) {
         const std::string name = quote_identifier(n.text("schemaname"));
         return dropped("SCHEMA", name, exists(name, "regnamespace"));
       }},
      {"CreateFunctionStmt", routine},
      {"CreateEnumStmt", [](const Node& n) { return type("TYPE", n.at("typeName").strings()); }},
      {"CreateRangeStmt", [](const Node& n) { return type("TYPE", n.at("typeName").strings()); }},
      {"CompositeTypeStmt",
       [](const Node& n) {
         const std::string name = quoted_relation(n.at("typevar"));
         return dropped("TYPE", name, exists(name, "regtype"));
       }},
      {"CreateDomainStmt",
       [](const Node& n) { return type("DOMAIN", n.at("domainname").strings()); }},
      {"CreateTrigStmt",
       [](const Node& n) {
         return on_table("TRIGGER", n.text("trigname"), n.at("relation"), "pg_trigger", "tgname",
                         "tgrelid");
       }},
      {"CreatePolicyStmt",
       [](const Node& n) {
         return on_table("POLICY", n.text("policy_name"), n.at("table"), "pg_policy", "polname",
                         "polrelid");
       }},
      {"RuleStmt",
       [](const Node& n) {
         return on_table("RULE", n.text("rulename"), n.at("relation"), "pg_rewrite", "rulename",
                         "ev_class");
       }},
      {"CreateExtensionStmt",
       [](const Node& n) {
         return by_name("EXTENSION", n.text("extname"), "pg_extension", "extname");
       }},
      {"CreateRoleStmt",
       [](const Node& n) { return by_name("ROLE", n.text("role"), "pg_roles", "rolname"); }},
      {"CreateEventTrigStmt",
       [](const Node& n) {
         return by_name("EVENT TRIGGER", n.text("trigname"), "pg_event_trigger", "evtname");
       }},
      {"CreatePublicationStmt",
       [](const Node& n) {
         return by_name("PUBLICATION", n.text("pubname"), "pg_publication", "pubname");
       }},
      {"CreateFdwStmt",
       [](const Node& n) {
         return by_name("FOREIGN DATA WRAPPER", n.text("fdwname"), "pg_foreign_data_wrapper",
                        "fdwname");
       }},
      {"CreateForeignServerStmt",
       [](const Node& n) {
         return by_name("SERVER", n.text("servername"), "pg_foreign_server", "srvname");
       }},
      {"CreateStatsStmt",
       [](const Node& n) {
         const std::string name = quoted_name(n.at("defnames").strings());
         return Inverse{{"DROP STATISTICS " + name}, {}, {}};
       }},
      {"AlterTableStmt", alter_table},
      {"AlterSeqStmt", alter_sequence},
      {"DefineStmt", defined},
  };
  return table;
}

/// Neither changes what a revert would have to restore.
bool leaves_nothing(const std::string& word) {
  return word == "TransactionStmt" || word == "VariableSetStmt" || word == "AlterOwnerStmt" ||
         word == "SelectStmt" || word == "RefreshMatViewStmt";
}

}  // namespace

Inverse inverse_of(std::string_view statement) {
  const nlohmann::json tree = parse_one(statement);
  const Node node(tree);
  const std::string word = node.word();
  if (word.empty()) return {{}, {}, "the statement does not parse"};
  if (leaves_nothing(word)) return {};
  if (word == "GrantStmt" || word == "GrantRoleStmt") return grant(node.inner(), statement);
  if (word == "CommentStmt") return comment(statement);
  const auto rule = rules().find(word);
  if (rule != rules().end()) return rule->second(node.inner());
  if (word == "InsertStmt" || word == "UpdateStmt" || word == "DeleteStmt" || word == "CopyStmt")
    return {{}, {}, "which rows were there before is not known"};
  return {{}, {}, fmt::format("no rule undoes this kind of statement ({})", word)};
}

}  // namespace pgpm::sql
