#include <catch2/catch.hpp>

#include "engine/workspace/sqitch_conf.h"

namespace pgpm {
namespace {

/// Later files win.
SqitchConf read_all(const std::vector<std::string>& texts, const std::string& target,
                    std::vector<Diagnostic>& diagnostics) {
  GitSettings settings;
  for (const std::string& text : texts) read_git_config("sqitch.conf", text, settings, diagnostics);
  return read_sqitch_conf(settings, target, "sqitch.conf", diagnostics);
}

SqitchConf read(const std::string& text, const std::string& target = {}) {
  std::vector<Diagnostic> diagnostics;
  SqitchConf conf = read_all({text}, target, diagnostics);
  CHECK(diagnostics.empty());
  return conf;
}

std::string database(const std::string& uri) {
  return read("[core]\n\ttarget = " + uri + "\n").settings.database.reveal();
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
      "[target \"dev\"]\n\turi = db:pg:\n[target \"dev.variables\"]\n\tc = target\n"
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
  read_all({"a = b\n[core\n"}, "", diagnostics);
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].where.line == 1);
  CHECK(diagnostics[1].where.line == 2);
}

TEST_CASE("a line that is no configuration is shown without its password") {
  std::vector<Diagnostic> diagnostics;
  read_all({"uri = db:pg://ada:pw@host/x\n"}, "", diagnostics);
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].source_line == "uri = db:pg://ada:***@host/x");
}

TEST_CASE("a setting may stand behind its section, and go on behind a backslash") {
  const SqitchConf conf =
      read("[core] top_dir = a\n[user \"\"] name = x ] y\n[user]\n\tname = Ada \\\n Byron\n");
  CHECK(conf.top_dir == "a");
  CHECK(conf.settings.user_name == "Ada  Byron");
}

TEST_CASE("a target's URI is what libpq reads") {
  CHECK(database("db:pg:").empty());
  CHECK(database("db:pg:flipr") == "postgresql:///flipr");
  CHECK(database("db:postgresql:flipr?sslmode=require") == "postgresql:///flipr?sslmode=require");
  CHECK(database("db:pg://ada:pw@host:6543/flipr") == "postgresql://ada:pw@host:6543/flipr");
  CHECK(database("db:pg:///?service=x") == "postgresql:///?service=x");
  CHECK(database("db:pg:/flipr") == "postgresql:///flipr");
  CHECK(read("[engine \"pg\"]\n\ttarget = db:pg:flipr\n").settings.database.reveal() ==
        "postgresql:///flipr");
}

TEST_CASE("the target that is asked for wins, with all it says") {
  const std::string conf =
      "[core]\n\tengine = pg\n\ttarget = dev\n[target \"dev\"]\n\turi = db:pg:dev\n"
      "[target \"prod\"]\n\turi = db:pg:prod\n\ttop_dir = live\n\tregistry = deployed\n"
      "[target \"prod.variables\"]\n\tschema = live\n";
  CHECK(read(conf).settings.database.reveal() == "postgresql:///dev");
  CHECK_FALSE(read(conf).has_variables);
  const SqitchConf prod = read(conf, "prod");
  CHECK(prod.settings.database.reveal() == "postgresql:///prod");
  CHECK(prod.plan_file == "live/sqitch.plan");
  CHECK(prod.registry == "deployed");
  CHECK(prod.has_variables);
  CHECK(read(conf, "db:pg:other").settings.database.reveal() == "postgresql:///other");
}

TEST_CASE("a target without a URI, or of no section, is an error") {
  std::vector<Diagnostic> diagnostics;
  read_all({"[core]\n\ttarget = dev\n"}, "", diagnostics);
  read_all({"[target \"dev\"]\n\ttop_dir = x\n"}, "dev", diagnostics);
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].message == "there is no target \"dev\"");
  CHECK(diagnostics[1].message == "the target \"dev\" has no uri");
  CHECK(diagnostics[1].where.line == 2);
}

TEST_CASE("the target of an engine that is not the project's says nothing") {
  const SqitchConf conf = read("[core]\n\tengine = mysql\n[engine \"pg\"]\n\ttarget = db:pg:x\n");
  CHECK(conf.engine == "mysql");
  CHECK(conf.settings.database.empty());
}

TEST_CASE("the project's file wins over the user's, and that over the machine's") {
  std::vector<Diagnostic> diagnostics;
  const SqitchConf conf = read_all(
      {"[core]\n\ttop_dir = a\n\tregistry = a\n\tplan_file = a\n[core \"variables\"]\n\tx = a\n",
       "[core]\n\ttop_dir = b\n\tregistry = b\n[user]\n\tname = Ada\n\temail = ada@example.com\n",
       "[core]\n\ttop_dir = c\n[core \"variables\"]\n\ty = c\n"},
      "", diagnostics);
  CHECK(diagnostics.empty());
  CHECK(conf.top_dir == "c");
  CHECK(conf.registry == "b");
  CHECK(conf.plan_file == "a");
  CHECK(conf.variables[0] == SqitchConf::Variables{{"registry", "b"}, {"x", "a"}, {"y", "c"}});
  CHECK(conf.settings.user_name == "Ada");
  CHECK(conf.settings.user_email == "ada@example.com");
}

TEST_CASE("how Sqitch deploys is read, and what it cannot mean is told") {
  CHECK_FALSE(read("").settings.verify.has_value());
  CHECK(read("[deploy]\n\tverify\n").settings.verify == true);
  CHECK(read("[deploy]\n\tverify = no\n").settings.verify == false);
  CHECK(read("[deploy]\n\tmode = change\n").settings.mode == "change");
  std::vector<Diagnostic> diagnostics;
  read_all({"[deploy]\n\tverify = perhaps\n\tmode = some\n"}, "", diagnostics);
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].message == "deploy.verify is true or false, not \"perhaps\"");
  CHECK(diagnostics[0].where.line == 2);
  CHECK(diagnostics[1].message == "deploy.mode is all or tag or change, not \"some\"");
}

}  // namespace pgpm
