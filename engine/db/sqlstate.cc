#include "engine/db/sqlstate.h"

namespace pgpm::db {

namespace {

bool is_missing_role(const ServerMessage& message) {
  return message.sqlstate == "42704" &&
         (message.routine == "get_role_oid" || message.routine == "get_rolespec_oid" ||
          message.routine == "get_rolespec_tuple");
}

/// The user to log in as does not exist; 28000 is also what pg_hba.conf refuses with.
bool is_missing_user(const ServerMessage& message) {
  return message.sqlstate == "28000" && message.routine == "InitializeSessionUserId";
}

}  // namespace

bool ends_session(const ServerMessage& message) {
  return message.severity == "FATAL" || message.severity == "PANIC";
}

ErrorCode error_code(std::string_view sqlstate, Cancelled cancelled) {
  if (sqlstate.empty()) return ErrorCode::connection;
  if (sqlstate == "57014")
    return cancelled == Cancelled::by_us ? ErrorCode::interrupted : ErrorCode::timed_out;
  if (sqlstate == "55P03") return ErrorCode::timed_out;
  return ErrorCode::sql;
}

std::string_view hint_for(const ServerMessage& message) {
  if (message.sqlstate == "3D000") return "create it with `pgpm deploy --createdb`";
  if (is_missing_role(message))
    return "create the standard roles with `pgpm admin-users bootstrap --yes`";
  if (is_missing_user(message))
    return "check --username (or PGUSER), or create the role: CREATE ROLE name LOGIN";
  if (message.sqlstate == "28P01") return "set PGPASSWORD, or put the password into ~/.pgpass";
  if (message.sqlstate == "28000")
    return "the server's pg_hba.conf does not let this user in from here: check --username and "
           "--host";
  if (message.sqlstate == "08P01")
    return "a pooler may be in between that refuses this: connect to the server directly, or in "
           "session mode and without --lock-timeout and --statement-timeout";
  if (message.sqlstate == "53300") return "the server has no connection left: try again later";
  if (message.sqlstate == "57P03") return "the server is starting up or shutting down: try again";
  return {};
}

}  // namespace pgpm::db
