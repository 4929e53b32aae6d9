// Running PostgreSQL's own client programs (pg_dump, psql) against a target.
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/target.h"

namespace pgpm {

/// What the target says, as the environment variables that those programs read (PGHOST, PGDATABASE,
/// PGPASSWORD, ...): arguments are for everybody to see. What the target leaves open is not among
/// them. Throws Error(connection) if its connection string is malformed.
std::vector<std::pair<std::string, Secret>> client_variables(const Target& target);

/// The schemas that hold extensions, quoted, sorted, without pg_catalog. Connects.
std::vector<std::string> extension_schemas(const Target& target, std::stop_token stop);

}  // namespace pgpm
