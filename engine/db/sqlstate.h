// From what the server said to what it means for us. Acts on SQLSTATE and the server's routine name
// only: messages come in the server's language.
#pragma once

#include <string_view>

#include "pgpm/error.h"

namespace pgpm::db {

enum class Cancelled { by_us, not_by_us };

/// The server has said its last word (or libpq speaks for it). Not by SQLSTATE: a statement may
/// raise any of them, as dblink does when it cannot connect, in a session that lives on.
bool ends_session(const ServerMessage& message);
ErrorCode error_code(std::string_view sqlstate, Cancelled cancelled);
/// What to do about an error of the server, "" if we do not know.
std::string_view hint_for(const ServerMessage& message);

}  // namespace pgpm::db
