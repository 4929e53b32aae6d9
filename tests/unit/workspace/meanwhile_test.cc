// What is decided first and written afterwards: files that somebody else writes in between stay.
#include <catch2/catch.hpp>

#include "pgpm/error.h"
#include "pgpm/regen.h"
#include "pgpm/renaming.h"
#include "pgpm/workspace.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using namespace pgpm::tests;
using Catch::Contains;

namespace {

constexpr const char* plan =
    "%project=app\n"
    "a 2024-01-01T00:00:00Z User <user@example.com>\n"
    "b [a] 2024-01-01T00:00:00Z User <user@example.com>\n";

TempWorkspace module_of_two() {
  return TempWorkspace({{"pgpm.plan", plan},
                        {"app.control", ""},
                        {"deploy/a.sql", "CREATE SCHEMA a;\n"},
                        {"deploy/b.sql", "-- requires: a\nCREATE SCHEMA b;\n"}});
}

}  // namespace

TEST_CASE("a script that was written meanwhile is not derived over, and none is") {
  TempWorkspace tree = module_of_two();
  const Workspace workspace = load_workspace(tree.root());
  const Module& module = workspace.modules.front();
  const Regeneration found = derive_scripts(module, RegenOptions());
  REQUIRE(found.scripts.size() == 4);
  tree.write("verify/b.sql", "SELECT 'mine';\n");
  CHECK_THROWS_WITH(write_scripts(module, found), "verify/b.sql has been written meanwhile");
  CHECK(tree.read("verify/b.sql") == "SELECT 'mine';\n");
  CHECK_FALSE(tree.exists("revert"));
  CHECK_FALSE(tree.exists("verify/a.sql"));
}

TEST_CASE("a file that has changed meanwhile keeps a renaming from all of them") {
  TempWorkspace tree = module_of_two();
  const Workspace workspace = load_workspace(tree.root());
  const Renaming renaming = plan_change_renaming(workspace, workspace.modules.front(), "a", "c");
  tree.write("deploy/b.sql", "SELECT 'mine';\n");
  CHECK_THROWS_WITH(RenamedFiles(renaming), Contains("deploy/b.sql has changed meanwhile"));
  CHECK(tree.read("pgpm.plan") == plan);
  CHECK(tree.read("deploy/a.sql") == "CREATE SCHEMA a;\n");
  CHECK(tree.read("deploy/b.sql") == "SELECT 'mine';\n");
  CHECK_FALSE(tree.exists("deploy/c.sql"));
}
