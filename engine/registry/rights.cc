#include "engine/registry/rights.h"

#include <fmt/format.h>

#include "engine/registry/ledger_query.h"
#include "engine/sql/quote.h"

namespace pgpm::registry {

namespace {

struct Denial {
  std::string role, database;
  std::string missing, remedy;

  Error as_error(std::string_view action, const Error& cause) const {
    Error denied(ErrorCode::sql, fmt::format("role {} may not {} the ledger of database {}: {}",
                                             role, action, database, missing));
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

}  // namespace

Error explain_denied_install(db::Connection& connection, const Error& error) {
  const db::Result rights = connection.exec(rights_query);
  Denial denial = denial_of(connection, rights.str(0, 0));
  const std::string owner = rights.str(0, 4);
  const bool may_create_schema = rights.boolean(0, 1);
  const bool schema_exists = rights.boolean(0, 2);
  const bool may_create_tables = rights.boolean(0, 3);
  const bool is_owner = rights.boolean(0, 5);
  if (!schema_exists && !may_create_schema) {
    denial.missing = fmt::format("it lacks CREATE on database {}", denial.database);
    denial.remedy = fmt::format("GRANT CREATE ON DATABASE {} TO {};", denial.database, denial.role);
    return denial.as_error("create", error);
  }
  if (schema_exists && owner.empty() && !may_create_tables) {
    denial.missing = "it lacks CREATE on schema pgpm_migrate";
    denial.remedy = fmt::format("GRANT USAGE, CREATE ON SCHEMA pgpm_migrate TO {};", denial.role);
    return denial.as_error("create", error);
  }
  if (!is_owner) {
    denial.missing = fmt::format("its tables belong to {}", owner);
    denial.remedy =
        fmt::format("run pgpm migrate init once as {0}, or GRANT {0} TO {1};", owner, denial.role);
    return denial.as_error("upgrade", error);
  }
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
  denial.remedy = fmt::format(
      "as its owner: GRANT USAGE ON SCHEMA pgpm_migrate TO {0}; "
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgpm_migrate TO {0}; "
      "GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgpm_migrate TO {0};",
      denial.role);
  return denial.as_error("write to", error);
}

}  // namespace pgpm::registry
