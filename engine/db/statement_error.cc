#include "engine/db/statement_error.h"

#include "engine/db/sqlstate.h"

namespace pgpm::db {

Error lost_session(const ServerMessage& message) {
  Error error(ErrorCode::connection, "the connection to the server was lost: " + message.message);
  if (!message.sqlstate.empty()) error.from_server(message);
  return error.hint(std::string(hint_for(message)));
}

Error statement_error(const Connection::State& state, const ServerMessage& message) {
  if (is_lost(state) || ends_session(message)) return lost_session(message);
  const Cancelled cancelled = state.cancels > 0 ? Cancelled::by_us : Cancelled::not_by_us;
  const ErrorCode code = error_code(message.sqlstate, cancelled);
  Error error(code, code == ErrorCode::interrupted ? "interrupted" : message.message);
  return error.from_server(message).hint(std::string(hint_for(message)));
}

}  // namespace pgpm::db
