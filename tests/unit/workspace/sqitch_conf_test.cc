#include <catch2/catch.hpp>

#include "engine/workspace/sqitch_conf.h"

namespace pgpm {
namespace {

SqitchConf read(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  SqitchConf conf = read_sqitch_conf("sqitch.conf", text, diagnostics);
  CHECK(diagnostics.empty());
  return conf;
}

}  // namespace

TEST_CASE("an empty sqitch.conf means what Sqitch assumes") {
  const SqitchConf conf = read("");
  CHECK(conf.registry == "sqitch");
  CHECK(conf.plan_file == "sqitch.plan");
  CHECK(conf.extension == "sql");
  CHECK(conf.script_dirs == std::array<std::filesystem::path, 3>{"deploy", "revert", "verify"});
  CHECK(conf.reworked_dirs == conf.script_dirs);
  CHECK(conf.variables[0] == SqitchConf::Variables{{"registry", "sqitch"}});
}

TEST_CASE("a target wins over its engine, the engine over core") {
  const SqitchConf conf = read(
      "[core]\n\tengine = pg\n\ttop_dir = sql\n\tregistry = core\n"
      "[engine \"pg\"]\n\ttarget = prod\n\tregistry = engine\n\trevert_dir = sql/down\n"
      "[target \"prod\"]\n\turi = db:pg:shop\n\tregistry = target\n");
  CHECK(conf.engine == "pg");
  CHECK(conf.registry == "target");
  CHECK(conf.plan_file == "sql/sqitch.plan");
  CHECK(conf.script_dirs ==
        std::array<std::filesystem::path, 3>{"sql/deploy", "sql/down", "sql/verify"});
  CHECK(conf.reworked_dirs[1] ==
        "sql/revert");  // as Sqitch has it: below top_dir, not in revert_dir
}

TEST_CASE("core's target wins over the engine's, and names the engine") {
  CHECK(read("[core]\n\ttarget = db:sqlite:x\n").engine == "sqlite");
  CHECK(read("[core]\n\ttarget = db:postgresql://h/x\n").engine == "pg");
  const SqitchConf conf = read(
      "[core]\n\ttarget = Dev\n[engine \"pg\"]\n\ttarget = prod\n"
      "[target \"Dev\"]\n\turi = db:pg:dev\n\tdeploy_dir = up\n"
      "[target \"prod\"]\n\turi = db:pg:prod\n\tdeploy_dir = no\n");
  CHECK(conf.engine == "pg");
  CHECK(conf.script_dirs[0] == "up");
}

TEST_CASE("reworked scripts have folders of their own if the conf says so") {
  const SqitchConf conf =
      read("[core]\n\ttop_dir = sql\n\treworked_dir = old\n\treworked_verify_dir = old/checks\n");
  CHECK(conf.script_dirs ==
        std::array<std::filesystem::path, 3>{"sql/deploy", "sql/revert", "sql/verify"});
  CHECK(conf.reworked_dirs ==
        std::array<std::filesystem::path, 3>{"old/deploy", "old/revert", "old/checks"});
}

TEST_CASE("each command has its variables, later sections win, and names keep their case") {
  const SqitchConf conf = read(
      "[target \"dev.variables\"]\n\tc = target\n"
      "[core]\n\ttarget = dev\n[core \"variables\"]\n\tOwner = core\n\ta = core\n\tb = core\n\tc = "
      "x\n"
      "[deploy \"variables\"]\n\ta = deploy\n\tb = deploy\n[revert \"variables\"]\n\ta = revert\n"
      "[engine \"pg.variables\"]\n\tb = engine\n");
  using Variables = SqitchConf::Variables;
  const Variables deploy{
      {"Owner", "core"}, {"a", "deploy"}, {"b", "engine"}, {"c", "target"}, {"registry", "sqitch"}};
  CHECK(conf.variables[0] == deploy);
  CHECK(conf.variables[2] == deploy);
  Variables revert = deploy;
  revert["a"] = "revert";
  CHECK(conf.variables[1] == revert);
}

TEST_CASE("values have quotes, escapes and comments") {
  const SqitchConf conf = read(
      "# a comment\n[core] ; another\n  PLAN_FILE = \"a # b.plan\" # c\n"
      "[core \"variables\"]\n  user = a\\\"b\n[deploy \"variables\"]\n  user = \" c \"\n");
  CHECK(conf.plan_file == "a # b.plan");
  CHECK(conf.variables[0].at("user") == " c ");
}

TEST_CASE("what is no configuration is told with its line") {
  std::vector<Diagnostic> diagnostics;
  read_sqitch_conf("sqitch.conf", "a = b\n[core\n", diagnostics);
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].where.line == 1);
  CHECK(diagnostics[1].where.line == 2);
}

}  // namespace pgpm
