// Databases as a whole: does it exist, create it. Connects to a maintenance database (postgres,
// then template1).
#pragma once

#include <stop_token>
#include <string>

#include "engine/db/connection.h"
#include "pgpm/target.h"

namespace pgpm::db {

/// The database name libpq would use for this target (explicit, dsn, service, PGDATABASE, else the
/// user name).
std::string database_name(const Target& target);
/// A connection to the server beside the target's database, which need not exist.
Connection open_maintenance(const Target& target, std::stop_token stop);
bool database_exists(const Target& target, std::stop_token stop);
/// Creates it; false if it was there already (also if another process was faster).
bool create_database(const Target& target, std::stop_token stop);
/// The same by a connection to another database of the server.
bool create_database(Connection& connection, const std::string& name);
void drop_database(const Target& target, std::stop_token stop);
/// The same by a connection to another database of the server.
void drop_database(Connection& connection, const std::string& name);

}  // namespace pgpm::db
