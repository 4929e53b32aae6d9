#include "engine/migrate/missing_rights.h"

#include <fmt/format.h>

#include <vector>

#include "engine/migrate/prepared_run.h"
#include "engine/registry/rights.h"
#include "engine/sql/quote.h"

namespace pgpm {

namespace {

std::vector<std::string> extensions_of(const Worklist& worklist) {
  std::vector<std::string> names;
  for (const ModuleSteps& module : worklist.modules)
    names.insert(names.end(), module.extensions.begin(), module.extensions.end());
  return names;
}

/// From 13 on some extensions may be made by whoever may create in the database.
constexpr const char* extension_query =
    "SELECT e.name, pg_catalog.quote_ident(current_user), e.superuser"
    " FROM (SELECT v.name, v.superuser AND NOT COALESCE((pg_catalog.to_jsonb(v) ->> 'trusted')"
    "::boolean, false) AS superuser FROM pg_catalog.pg_available_extension_versions AS v"
    " JOIN pg_catalog.pg_available_extensions AS a ON a.name = v.name"
    " AND a.default_version = v.version WHERE v.name::text = ANY ({}) AND NOT v.installed) AS e"
    " WHERE NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)"
    " AND (e.superuser OR NOT pg_catalog.has_database_privilege(pg_catalog.current_database(),"
    " 'CREATE')) ORDER BY 1";

void add_extensions(db::Connection& connection, const std::vector<std::string>& names,
                    std::vector<Diagnostic>& missing) {
  if (names.empty()) return;
  const db::Result found =
      connection.exec(fmt::format(extension_query, sql::quote_text_array(names)));
  for (std::size_t row = 0; row < found.rows(); ++row) {
    const std::string role = found.str(row, 1), name = found.str(row, 0);
    const bool superuser = found.boolean(row, 2);
    const std::string database = sql::quote_identifier(connection.database());
    missing.push_back(
        {Severity::error,
         {},
         fmt::format("role {} may not create the extension {}: it {}", role, name,
                     superuser ? "is no superuser" : "lacks CREATE on database " + database),
         {},
         superuser
             ? fmt::format("as a superuser: CREATE EXTENSION {};", sql::quote_identifier(name))
             : fmt::format("GRANT CREATE ON DATABASE {} TO {};", database, role)});
  }
}

}  // namespace

void require_rights(db::Connection& connection, const Worklist& worklist) {
  if (connection.parameter("is_superuser") == "on") return;  // may do everything
  const Action action = worklist.command == "revert" ? Action::revert : Action::deploy;
  std::vector<Diagnostic> missing =
      registry::missing_rights(connection, worklist.prepared->ledger_version, action);
  add_extensions(connection, extensions_of(worklist), missing);
  if (missing.empty()) return;
  if (missing.size() == 1)
    throw Error(ErrorCode::sql, missing.front().message).hint(missing.front().hint);
  throw Error(ErrorCode::sql, "the role lacks rights that this run needs").with(std::move(missing));
}

}  // namespace pgpm
