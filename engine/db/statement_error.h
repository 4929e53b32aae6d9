// What is thrown for a statement that failed or did not get through.
#pragma once

#include "engine/db/wire.h"

namespace pgpm::db {

/// The session is over.
Error lost_session(const ServerMessage& message);
/// lost_session(), or Error(interrupted) if we cancelled the statement, else by its SQLSTATE.
Error statement_error(const Connection::State& state, const ServerMessage& message);

}  // namespace pgpm::db
