// psql, pg_dump and the like: others' reading of what we did, where they are installed and fit the
// test server.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {

/// The directory of the programs that pg_config speaks for, if they can talk to this server.
std::optional<std::filesystem::path> client_programs(TestDatabase& database);

/// A program with the environment that leads to this database.
ProcessOptions program(TestDatabase& database, std::vector<std::string> command);

}  // namespace pgpm::tests
