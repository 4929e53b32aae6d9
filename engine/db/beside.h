// A further session of the same kind on the same server as one we have, and what that server calls
// our session: behind a pooler neither is what libpq says.
#pragma once

#include <chrono>

#include "engine/db/connection.h"

namespace pgpm::db {

/// Of several hosts in the target the one that `connection` is connected to. Listens to the same
/// stop. Throws as Connection::open does.
Connection open_beside(Connection& connection, std::chrono::milliseconds timeout);

/// The process number of the session on the server. Asks the server the first time: not while a
/// statement runs.
int server_pid(Connection& connection);

/// The session's lock_timeout as preflight() found it, 0 = none.
std::chrono::milliseconds lock_timeout(Connection& connection);

}  // namespace pgpm::db
