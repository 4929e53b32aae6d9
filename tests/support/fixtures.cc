#include "tests/support/fixtures.h"

namespace pgpm::tests {

namespace {

std::vector<std::string> named(const std::string& module) {
  if (module.empty()) return {};
  return {module};
}

std::string relation_is_there(const std::string& name) {
  return "SELECT '" + name + "'::regclass;";
}

std::string schema_is_there(const std::string& name) {
  return "SELECT '" + name + "'::regnamespace;";
}

ScriptedChange schema_change(const std::string& line, const std::string& schema) {
  return {line, "CREATE SCHEMA " + schema + ";", "DROP SCHEMA " + schema + ";",
          schema_is_there(schema)};
}

ScriptedChange table_change(const std::string& line, const std::string& table,
                            const std::string& columns) {
  return {line, "CREATE TABLE " + table + " (" + columns + ");", "DROP TABLE " + table + ";",
          relation_is_there(table)};
}

ScriptedChange tag(const std::string& name) {
  return {"@" + name, {}, {}, {}};
}

}  // namespace

void add_simple(Workshop& shop) {
  shop.add_module("simple", {schema_change("schema", "shop"),
                             table_change("table [schema]", "shop.t", "id int"),
                             {"index [table]", "CREATE INDEX t_id ON shop.t (id);",
                              "DROP INDEX shop.t_id;", relation_is_there("shop.t_id")}});
}

void add_cross_project(Workshop& shop) {
  shop.add_module("project-a", {schema_change("base_schema", "base"),
                                {"base_types [base_schema]", "CREATE TYPE base.money AS (x int);",
                                 "DROP TYPE base.money;", "SELECT 'base.money'::regtype;"}});
  shop.add_module(
      "project-b",
      {schema_change("app_schema [project-a:base_schema]", "app"),
       table_change("app_tables [app_schema project-a:base_types]", "app.t", "v base.money")},
      "project-a");
}

void add_simple_with_tags(Workshop& shop) {
  shop.add_module(
      "my-first",
      {schema_change("schema_myfirstapp", "myfirstapp"),
       table_change("table_users [schema_myfirstapp]", "myfirstapp.users", "id int, name citext"),
       tag("v1.0.0"),
       table_change("table_products [schema_myfirstapp]", "myfirstapp.products", "id int"),
       tag("v1.1.0")},
      "citext,plpgsql");
  shop.add_module(
      "my-second",
      {schema_change("create_schema [my-first:@v1.0.0]", "mysecondapp"),
       table_change("create_table [create_schema]", "mysecondapp.users",
                    "id int, code text DEFAULT encode(gen_random_bytes(4), 'hex')"),
       tag("v2.0.0"),
       table_change("create_another_table [create_schema]", "mysecondapp.consent", "id int"),
       tag("v2.1.0")},
      "pgcrypto,my-first");
  shop.add_module(
      "my-third",
      {schema_change("create_schema [my-first:@v1.1.0 my-second:@v2.0.0]", "mythirdapp"),
       tag("v2.0.0"),
       table_change("create_table [create_schema]", "mythirdapp.customers", "id int"),
       tag("v3.0.0")},
      "my-second");
}

DeployOptions deploy_of(const std::string& module, const std::string& to) {
  DeployOptions options;
  options.modules = named(module);
  options.to = to;
  return options;
}

VerifyOptions verify_of(const std::string& module, const std::string& to) {
  VerifyOptions options;
  options.modules = named(module);
  options.to = to;
  return options;
}

RevertOptions revert_last(const std::string& module) {
  RevertOptions options;
  options.modules = named(module);
  return options;
}

RevertOptions revert_to(const std::string& to, const std::string& module) {
  RevertOptions options = revert_last(module);
  options.reach = RevertReach::to;
  options.to = to;
  return options;
}

RevertOptions revert_all(const std::string& module) {
  RevertOptions options = revert_last(module);
  options.reach = RevertReach::all;
  return options;
}

}  // namespace pgpm::tests
