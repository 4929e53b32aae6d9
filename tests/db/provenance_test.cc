// Who did what, from where, with which version of what: the ledger's runs, and the events that
// belong to them (decision D7).
#include <catch2/catch.hpp>

#include <unistd.h>

#include <array>

#include "pgpm/ledger.h"
#include "tests/support/fixtures.h"
#include "tests/support/process.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::string git(const Workshop& shop, std::vector<std::string> arguments) {
  std::vector<std::string> command{"git", "-c", "user.name=Ada", "-c",
                                   "user.email=ada@example.com"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  ProcessOptions options;
  options.command = command;
  options.dir = shop.files.root();
  const ProcessResult result = run_process(options);
  CAPTURE(result.err);
  REQUIRE(result.exit_status == 0);
  return result.out.substr(0, result.out.find('\n'));
}

DeployOptions at(const std::filesystem::path& dir) {
  DeployOptions options;
  options.work_dir = dir.string();
  return options;
}

std::string recorded_commit(Workshop& shop) {
  return shop.query("SELECT git_commit FROM pgpm_migrate.runs ORDER BY run_id DESC LIMIT 1");
}

}  // namespace

TEST_CASE("a run is recorded with all that is known of it") {
  Workshop shop;
  add_cross_project(shop);
  DeployOptions options;
  options.command_line = "pgpm deploy --workspace --all";
  options.tool_version = "9.8.7";
  options.work_dir = shop.files.root().string();
  shop.deploy(options);
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  CHECK(
      shop.query("SELECT command, command_line, modules, executed_by = session_user, client_host, "
                 "tool_version, git_commit IS NULL, outcome, error_code IS NULL, "
                 "started_at <= finished_at FROM pgpm_migrate.runs") ==
      "deploy|pgpm deploy --workspace --all|{project-a,project-b}|t|" + std::string(host.data()) +
          "|9.8.7|t|ok|t|t");
  CHECK(shop.query("SELECT client_user <> '' FROM pgpm_migrate.runs") == "t");
}

TEST_CASE("modules of a run are those it handled, not those it found in order") {
  Workshop shop;
  add_cross_project(shop);
  shop.deploy(deploy_of("project-a"));
  shop.deploy(deploy_of("project-b"));
  RevertOptions options = revert_all("project-b");
  shop.revert(options);
  CHECK(shop.query("SELECT command, modules FROM pgpm_migrate.runs ORDER BY run_id") ==
        "deploy|{project-a}\ndeploy|{project-b}\nrevert|{project-b}");
}

TEST_CASE("each event knows its run and who recorded it") {
  Workshop shop;
  add_simple(shop);
  shop.deploy(deploy_of("simple", "schema"));
  shop.write("packages/simple/deploy/table.sql", "SELECT 1/0;");
  error_of([&] { shop.deploy(); });
  shop.revert(revert_all());
  CHECK(shop.query("SELECT event_type, change_name, run_id, recorded_by = session_user, error_code "
                   "FROM pgpm_migrate.events ORDER BY event_id") ==
        "deploy|schema|1|t|\ndeploy|table|2|t|22012\nrevert|schema|3|t|");
  CHECK(shop.query("SELECT outcome, error_code FROM pgpm_migrate.runs ORDER BY run_id") ==
        "ok|\nfailed|sql\nok|");
}

TEST_CASE("the workspace's git commit is recorded, wherever git keeps it") {
  Workshop shop;
  add_simple(shop);
  git(shop, {"init", "-q", "-b", "main"});
  SECTION("no commit yet") {
    shop.deploy(at(shop.files.root()));
    CHECK(recorded_commit(shop).empty());
    return;
  }
  git(shop, {"commit", "-q", "--allow-empty", "-m", "first"});
  const std::string commit = git(shop, {"rev-parse", "HEAD"});
  std::filesystem::path dir = shop.files.root();
  SECTION("a branch") {}
  SECTION("from a folder below") {
    dir /= "packages/simple/deploy";
  }
  SECTION("a branch with a slash") {
    git(shop, {"checkout", "-q", "-b", "feature/x"});
  }
  SECTION("packed") {
    git(shop, {"pack-refs", "--all"});
  }
  SECTION("detached") {
    git(shop, {"checkout", "-q", "--detach"});
  }
  SECTION("a worktree") {
    git(shop, {"worktree", "add", "-q", "-b", "other", "tree"});
    dir /= "tree";
  }
  SECTION("a worktree, packed") {
    git(shop, {"worktree", "add", "-q", "-b", "other", "tree"});
    git(shop, {"pack-refs", "--all"});
    dir /= "tree";
  }
  shop.deploy(at(dir));
  CHECK(recorded_commit(shop) == commit);
}

TEST_CASE("init and verify leave no run, accept does") {
  Workshop shop;
  add_simple(shop);
  init_ledger(shop.target(), {}, shop.observer, {});
  shop.deploy();
  shop.verify();
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.runs") == "1");
}
