// Which files are tests, and which of those are fixtures.
#include "engine/testing/test_files.h"

#include <catch2/catch.hpp>

#include "tests/support/temp_workspace.h"

namespace pgpm {
namespace {

using tests::TempWorkspace;
using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a path is in a test directory if one of its directories is called so") {
  for (const char* path : {"./__test__/a.sql", "./__tests__/a.sql", "./m/__test__/b/a.sql"})
    CHECK(is_in_test_directory(path));
  for (const char* path : {"./a.sql", "./__test__", "./__test__.sql", "./__TEST__/a.sql",
                           "./x__test__/a.sql", "./__test__x/a.sql", "./__setup__/a.sql"})
    CHECK_FALSE(is_in_test_directory(path));
}

TEST_CASE("SQL files are known by their extension, in any case") {
  for (const char* path : {"./a.sql", "./a.SQL", "./a.ddl", "./a.dml", "./a.dql", "./a.dcl",
                           "./a.psql", "./a.pgsql", "./a.plpgsql", "./a.b.Sql"})
    CHECK(is_sql_file(path));
  for (const char* path : {"./a", "./sql", "./a.sql~", "./a.sqlx", "./a.md", "./x.sql/a", "./a."})
    CHECK_FALSE(is_sql_file(path));
}

TEST_CASE("fixtures are _setup.sql and _setup.psql, in any case") {
  for (const char* path : {"./_setup.sql", "./a/_SETUP.sql", "./_setup.psql"})
    CHECK(is_fixture_file(path));
  for (const char* path : {"./setup.sql", "./_setup.pgsql", "./_setup.sql.sql", "./_setup/a.sql"})
    CHECK_FALSE(is_fixture_file(path));
}

TEST_CASE("a tree is searched for test directories, whatever they hold") {
  TempWorkspace tree({{"__tests__/b.sql", ""},
                      {"__tests__/a/README.md", ""},
                      {"deploy/__test__/x.sql", ""},
                      {"deploy/users.sql", ""},
                      {"__tests__/.hidden/x.sql", ""},
                      {"__tests__/.x.sql", ""},
                      {"__tests__/node_modules/x.sql", ""},
                      {"__pycache__/__tests__/x.sql", ""},
                      {"inner/pgpm.plan", ""},
                      {"inner/__tests__/x.sql", ""}});
  CHECK(find_test_files(tree.root(), "pgpm.plan") ==
        Paths{"./__tests__/a/README.md", "./__tests__/b.sql", "./deploy/__test__/x.sql"});
  CHECK(find_test_files(tree.root()) == Paths{"./__tests__/a/README.md", "./__tests__/b.sql",
                                              "./deploy/__test__/x.sql",
                                              "./inner/__tests__/x.sql"});
}

TEST_CASE("linked directories are not entered, linked files are found") {
  TempWorkspace tree({{"__tests__/a.sql", ""}, {"deploy/users.sql", ""}});
  tree.link("__tests__/loop", tree.path("__tests__"));
  tree.link("__tests__/b.sql", tree.path("deploy/users.sql"));
  tree.link("__tests__/gone.sql", tree.path("nowhere.sql"));
  CHECK(find_test_files(tree.root()) == Paths{"./__tests__/a.sql", "./__tests__/b.sql", "./__tests__/gone.sql"});
}

}  // namespace pgpm
