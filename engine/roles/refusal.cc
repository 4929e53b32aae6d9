#include "engine/roles/refusal.h"

#include <fmt/format.h>

namespace pgpm::roles {

namespace {

Error like(const Error& cause, ErrorCode code, const std::string& message) {
  Error error(code, message);
  error.from_server(*cause.server()).leaving("nothing was changed");
  for (const std::string& frame : cause.context()) error.add_context(frame);
  return error;
}

Error denied(db::Connection& connection, const Error& cause) {
  const db::Result who = connection.exec(
      "SELECT pg_catalog.quote_ident(r.rolname), r.rolcreaterole FROM pg_catalog.pg_roles AS r "
      "WHERE r.rolname = current_user");
  const std::string role = who.str(0, 0);
  if (!who.boolean(0, 1))
    return like(cause, ErrorCode::sql,
                fmt::format("role {} may not change roles: it lacks CREATEROLE", role))
        .hint(fmt::format(
            "Connect as a superuser (-U), or have one run `ALTER ROLE {} CREATEROLE`.", role));
  // BYPASSRLS, SUPERUSER and REPLICATION are not for CREATEROLE to give or take, nor (from
  // PostgreSQL 16) are roles that somebody else made.
  return like(cause, ErrorCode::sql,
              fmt::format("role {} has CREATEROLE, but this takes more: {}", role,
                          cause.server()->message))
      .hint("Connect as a superuser (-U).");
}

}  // namespace

Error explain(db::Connection& connection, const Error& error) {
  if (!error.server()) return error;
  const std::string& state = error.server()->sqlstate;
  if (state == "42501" && connection.alive()) return denied(connection, error);
  if (state == "2BP01")
    return like(error, ErrorCode::refused, error.server()->message)
        .hint(
            "In each database it names: REASSIGN OWNED BY user TO another; DROP OWNED BY user; "
            "then try again.");
  if (state == "55006") return like(error, ErrorCode::refused, error.server()->message);
  return error;
}

}  // namespace pgpm::roles
