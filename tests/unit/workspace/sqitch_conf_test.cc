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
  CHECK(conf.deploy_dir == "deploy");
  CHECK(conf.verify_dir == "verify");
  CHECK_FALSE(conf.reworked_dir);
}

TEST_CASE("a target wins over its engine, the engine over core") {
  const SqitchConf conf = read(
      "[core]\n\tengine = pg\n\ttop_dir = sql\n\tregistry = core\n"
      "[engine \"pg\"]\n\ttarget = prod\n\tregistry = engine\n\trevert_dir = sql/down\n"
      "[target \"prod\"]\n\turi = db:pg:shop\n\tregistry = target\n");
  CHECK(conf.engine == "pg");
  CHECK(conf.registry == "target");
  CHECK(conf.plan_file == "sql/sqitch.plan");
  CHECK(conf.deploy_dir == "sql/deploy");
  CHECK(conf.revert_dir == "sql/down");
}

TEST_CASE("values have quotes, escapes and comments") {
  const SqitchConf conf = read(
      "# a comment\n[core] ; another\n  PLAN_FILE = \"a # b.plan\" # c\n"
      "[core \"variables\"]\n  user = a\\\"b\n[deploy \"variables\"]\n  user = \" c \"\n");
  CHECK(conf.plan_file == "a # b.plan");
  CHECK(conf.variables.at("user") == " c ");
}

TEST_CASE("what is no configuration is told with its line") {
  std::vector<Diagnostic> diagnostics;
  read_sqitch_conf("sqitch.conf", "a = b\n[core\n", diagnostics);
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].where.line == 1);
  CHECK(diagnostics[1].where.line == 2);
}

}  // namespace pgpm
