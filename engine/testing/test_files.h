// Which files of a tree are tests: what stands below a directory named __test__ or __tests__. Paths
// are written "./a/__test__/test_x.sql", relative to the root, with slashes, whatever the system.
// Knows neither modules nor databases.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm {

/// "./a/__test__/x.sql" is in one, "./__test__.sql" is not.
bool is_in_test_directory(std::string_view path);
/// By its extension, in any case: sql ddl dml dql dcl psql pgsql plpgsql.
bool is_sql_file(std::string_view path);
/// _setup.sql or _setup.psql, in any case: made once for the tests of its directory and below.
bool is_fixture_file(std::string_view path);

/// All files in test directories of a tree, SQL or not, in byte order of their paths. Passed over:
/// names that begin with a dot, node_modules, __pycache__, linked directories, and directories with
/// one of the names in `apart_if_holding` (a module in a module has its own tests). Throws
/// Error(other) if a directory cannot be read.
std::vector<std::string> find_test_files(const std::filesystem::path& root,
                                         std::string_view apart_if_holding = {});

}  // namespace pgpm
