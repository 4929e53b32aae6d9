// What must be true of a server before anything is written to it.
#pragma once

#include "engine/db/connection.h"

namespace pgpm::db {

enum class Intent { read, write };
/// Throws Error(refused or connection) with reason and remedy: server older than 11, hot standby or
/// read-only session when writing.
void preflight(Connection& connection, Intent intent);

}  // namespace pgpm::db
