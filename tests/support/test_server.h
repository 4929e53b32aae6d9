// The PostgreSQL server that database tests use: PGPM_TEST_DSN if it is set, else a private
// throwaway one that is started on first use and vanishes with the test executable. No server
// programs: the executable ends with 77, which CTest reports as skipped.
#pragma once

#include "pgpm/target.h"

namespace pgpm::tests {

/// Removes PG* variables, and makes language and time zone the same everywhere. Called by
/// test_server().
void clean_environment();

/// How to reach the server; the database is a maintenance one. Starts it if need be.
const Target& test_server();

/// Ends the executable as skipped (exit status 77), saying why.
[[noreturn]] void skip_all(const char* reason);

}  // namespace pgpm::tests
