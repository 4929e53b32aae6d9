// Noticing that the other end is gone. A server goes on with a statement whose client died, and
// keeps its locks, until it has something to say: since PostgreSQL 14 it looks now and then, if
// asked to (client_connection_check_interval). A peer whose whole machine vanished says nothing at
// all: only TCP's keepalives find that out. What people set themselves wins.
#pragma once

#include "engine/db/conninfo.h"
#include "pgpm/error.h"

namespace pgpm::db {

/// Lets our end notice that the server's machine is gone: an idle minute, or unacknowledged data
/// for that long.
void watch_for_dead_server(ConnectionParameters& parameters);

/// Asks the server to look for us twice a second, also in the middle of a statement, and to give up
/// on a silent machine after ten idle seconds. Servers before 14, those on systems where they
/// cannot look, and poolers refuse the connection for it.
void ask_to_watch_for_dead_client(ConnectionParameters& parameters);
/// Whether that may be why there is no connection.
bool may_have_refused_to_watch(const Error& error);

}  // namespace pgpm::db
