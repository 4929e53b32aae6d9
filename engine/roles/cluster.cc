#include "engine/roles/cluster.h"

#include <fmt/format.h>

#include "engine/sql/quote.h"

namespace pgpm::roles {

namespace {

// Oid 10 is the role initdb made.
constexpr const char* roles_query =
    "SELECT r.rolname, r.rolcreatedb, r.rolsuper, r.rolcreaterole, r.rolcanlogin,"
    " r.rolreplication, r.rolbypassrls,"
    " (SELECT pg_catalog.substr(c, 19) FROM pg_catalog.pg_db_role_setting AS s,"
    " pg_catalog.unnest(s.setconfig) AS c WHERE s.setrole = r.oid AND s.setdatabase = 0"
    " AND pg_catalog.starts_with(c, 'statement_timeout=')),"
    " r.oid = 10 OR r.rolname IN (session_user, current_user)"
    " FROM pg_catalog.pg_roles AS r WHERE r.rolname::text = ANY ({})";

constexpr const char* memberships_query =
    "SELECT DISTINCT r.rolname, m.rolname FROM pg_catalog.pg_auth_members AS a"
    " JOIN pg_catalog.pg_roles AS r ON r.oid = a.roleid"
    " JOIN pg_catalog.pg_roles AS m ON m.oid = a.member"
    " WHERE r.rolname::text = ANY ({0}) AND m.rolname::text = ANY ({0})";

}  // namespace

Cluster read_cluster(db::Connection& connection, const std::vector<std::string>& names) {
  const std::string wanted = sql::quote_text_array(names);
  Cluster cluster;
  const db::Result roles = connection.exec(fmt::format(fmt::runtime(roles_query), wanted));
  for (std::size_t row = 0; row < roles.rows(); ++row) {
    Role role;
    role.attributes = {roles.boolean(row, 1), roles.boolean(row, 2), roles.boolean(row, 3),
                       roles.boolean(row, 4), roles.boolean(row, 5), roles.boolean(row, 6)};
    role.statement_timeout = roles.str(row, 7);
    role.is_protected = roles.boolean(row, 8);
    cluster.roles.emplace(roles.str(row, 0), std::move(role));
  }
  const db::Result members = connection.exec(fmt::format(fmt::runtime(memberships_query), wanted));
  for (std::size_t row = 0; row < members.rows(); ++row)
    cluster.memberships.insert({members.str(row, 0), members.str(row, 1)});
  return cluster;
}

}  // namespace pgpm::roles
