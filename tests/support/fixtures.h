// Modules that many database tests deploy, and options for the verbs in one line. The modules are
// those of upstream pgpm's own tests, written anew: same names, requirements and tags.
#pragma once

#include <string>

#include "tests/support/workshop.h"

namespace pgpm::tests {

/// Module simple: schema -> table -> index, in schema shop.
void add_simple(Workshop& shop);

/// Modules project-a (base_schema, base_types) and project-b (app_schema, app_tables), which needs
/// both of project-a's changes. Schemas base and app.
void add_cross_project(Workshop& shop);

/// my-first (schema_myfirstapp, table_users @v1.0.0, table_products @v1.1.0), my-second
/// (create_schema [my-first:@v1.0.0], create_table @v2.0.0, create_another_table @v2.1.0) and
/// my-third (create_schema [my-first:@v1.1.0 my-second:@v2.0.0] @v2.0.0, create_table @v3.0.0).
/// Their control files form a chain and want citext, plpgsql and pgcrypto. Schemas myfirstapp,
/// mysecondapp and mythirdapp.
void add_simple_with_tags(Workshop& shop);

/// `module` "" = all of the workspace.
DeployOptions deploy_of(const std::string& module, const std::string& to = {});
VerifyOptions verify_of(const std::string& module, const std::string& to = {});
RevertOptions revert_last(const std::string& module = {});
RevertOptions revert_to(const std::string& to, const std::string& module = {});
RevertOptions revert_all(const std::string& module = {});

}  // namespace pgpm::tests
