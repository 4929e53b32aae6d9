#include "engine/registry/rights.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/registry/ledger_query.h"
#include "engine/registry/registry.h"
#include "engine/sql/quote.h"

namespace pgpm::registry {

namespace {

struct Denial {
  std::string role, database;
  std::string missing, remedy;

  std::string text(std::string_view action) const {
    return fmt::format("role {} may not {} the ledger of database {}: {}", role, action, database,
                       missing);
  }
  Diagnostic as_finding(std::string_view action) const {
    return {Severity::error, {}, text(action), {}, remedy};
  }
  Error as_error(std::string_view action, const Error& cause) const {
    Error denied(ErrorCode::sql, text(action));
    denied.from_server(*cause.server());
    return denied.hint(remedy);
  }
};

Denial denial_of(const db::Connection& connection, std::string role) {
  return {std::move(role), sql::quote_identifier(connection.database()), {}, {}};
}

// One row: role, may it create in the database, is there the schema, may it create in that, who
// owns the tables and is the role a member of the owner.
constexpr const char* rights_query =
    "SELECT pg_catalog.quote_ident(current_user),"
    " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),"
    " n.oid IS NOT NULL, COALESCE(pg_catalog.has_schema_privilege(n.oid, 'CREATE'), false),"
    " pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)),"
    " COALESCE(pg_catalog.pg_has_role(c.relowner, 'USAGE'), true)"
    " FROM (SELECT) AS one"
    " LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) 'pgpm_migrate'"
    " LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace OPERATOR(pg_catalog.=) n.oid"
    " AND c.relname OPERATOR(pg_catalog.=) 'changes'";

/// What stands in the way of creating or upgrading it, and the verb for that; nothing if nothing
/// does.
struct InstallDenial {
  Denial denial;
  const char* action;
};

std::optional<InstallDenial> install_denial(const db::Connection& connection,
                                            const db::Result& rights) {
  Denial denial = denial_of(connection, rights.str(0, 0));
  const std::string owner = rights.str(0, 4);
  const bool may_create_schema = rights.boolean(0, 1);
  const bool schema_exists = rights.boolean(0, 2);
  const bool may_create_tables = rights.boolean(0, 3);
  const bool is_owner = rights.boolean(0, 5);
  if (!schema_exists && !may_create_schema) {
    denial.missing = fmt::format("it lacks CREATE on database {}", denial.database);
    denial.remedy = fmt::format("GRANT CREATE ON DATABASE {} TO {};", denial.database, denial.role);
    return InstallDenial{std::move(denial), "create"};
  }
  if (schema_exists && owner.empty() && !may_create_tables) {
    denial.missing = "it lacks CREATE on schema pgpm_migrate";
    denial.remedy = fmt::format("GRANT USAGE, CREATE ON SCHEMA pgpm_migrate TO {};", denial.role);
    return InstallDenial{std::move(denial), "create"};
  }
  if (!is_owner) {
    denial.missing = fmt::format("its tables belong to {}", owner);
    denial.remedy =
        fmt::format("run pgpm migrate init once as {0}, or GRANT {0} TO {1};", owner, denial.role);
    return InstallDenial{std::move(denial), "upgrade"};
  }
  return std::nullopt;
}

std::string grants_for_writing(const std::string& role) {
  return fmt::format(
      "as its owner: GRANT USAGE ON SCHEMA pgpm_migrate TO {0}; "
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgpm_migrate TO {0}; "
      "GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgpm_migrate TO {0};",
      role);
}

/// What every deploy or revert writes; rarer tables are not asked about.
constexpr const char* writing_query =
    "SELECT pg_catalog.quote_ident(current_user), pg_catalog.string_agg("
    "w.privilege || ' on ' || c.relname, ', ' ORDER BY c.relname, w.privilege)"
    " FROM (VALUES ('changes', 'INSERT', 'deploy'), ('changes', 'DELETE', 'revert'),"
    " ('dependencies', 'INSERT', 'deploy'), ('events', 'INSERT', ''), ('packages', 'INSERT',"
    " 'deploy'), ('runs', 'INSERT', ''), ('runs', 'UPDATE', '')) AS w (name, privilege, action)"
    " JOIN pg_catalog.pg_class AS c ON c.relname = w.name JOIN pg_catalog.pg_namespace AS n"
    " ON n.oid = c.relnamespace AND n.nspname = 'pgpm_migrate'"
    " WHERE w.action IN ('', $1) AND NOT CASE WHEN w.privilege = 'DELETE'"
    " THEN pg_catalog.has_table_privilege(c.oid, w.privilege)"
    " ELSE pg_catalog.has_any_column_privilege(c.oid, w.privilege) END";

}  // namespace

std::vector<Diagnostic> missing_rights(db::Connection& connection, int version, Action action) {
  std::vector<Diagnostic> missing;
  if (version > current_version) return missing;  // is refused for another reason
  if (version < current_version) {
    const auto found = install_denial(connection, connection.exec(rights_query));
    if (found) missing.push_back(found->denial.as_finding(found->action));
    return missing;
  }
  const db::Result lacking =
      connection.query(writing_query, {action == Action::revert ? "revert" : "deploy"});
  if (lacking.is_null(0, 1)) return missing;
  Denial denial = denial_of(connection, lacking.str(0, 0));
  denial.missing = fmt::format("it lacks {}", lacking.text(0, 1));
  denial.remedy = grants_for_writing(denial.role);
  missing.push_back(denial.as_finding("write to"));
  return missing;
}

Error explain_denied_install(db::Connection& connection, const Error& error) {
  const db::Result rights = connection.exec(rights_query);
  const auto found = install_denial(connection, rights);
  if (found) return found->denial.as_error(found->action, error);
  Denial denial = denial_of(connection, rights.str(0, 0));
  denial.missing = error.server()->message;
  return denial.as_error("upgrade", error);
}

Error explain_denied_reading(const db::Connection& connection, const Error& error) {
  if (sqlstate_of(error) != "42501") return error;
  Denial denial = denial_of(connection, sql::quote_identifier(connection.user()));
  denial.missing = error.server()->message;
  denial.remedy = fmt::format(
      "as its owner: GRANT USAGE ON SCHEMA pgpm_migrate TO {0}; "
      "GRANT SELECT ON ALL TABLES IN SCHEMA pgpm_migrate TO {0};",
      denial.role);
  return denial.as_error("read", error);
}

Error explain_denied_writing(const db::Connection& connection, const Error& error) {
  if (sqlstate_of(error) != "42501") return error;
  Denial denial = denial_of(connection, sql::quote_identifier(connection.user()));
  denial.missing = error.server()->message;
  denial.remedy = grants_for_writing(denial.role);
  return denial.as_error("write to", error);
}

}  // namespace pgpm::registry
