// What must be true of a server before anything is written to it.
#pragma once

#include <optional>
#include <string>

#include "engine/db/connection.h"

namespace pgpm::db {

enum class Intent { read, write };
/// Throws Error(refused or connection) with reason and remedy: server older than 11; when writing
/// also hot standby, read-only session, a pooler in transaction or statement mode. In a session
/// that a pooler made it makes the target's settings.
void preflight(Connection& connection, Intent intent);

/// The parts of it that are about the server's version, e.g. 150018. Throws Error(refused).
void require_supported(int version, const std::string& shown);
/// For a server newer than this program was tested with.
std::optional<Diagnostic> version_warning(int version);

}  // namespace pgpm::db
