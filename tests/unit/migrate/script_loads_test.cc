// ScriptLoads: what is read ahead, by threads or not, is taken in order, errors included.
#include "engine/migrate/script_loads.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

std::string script_text(std::size_t i) {
  return "SELECT " + std::to_string(i) + ";\n";
}

/// Scripts of the changes c0, c1, ...; c1 has none, c2's is a folder.
std::vector<ScriptLoads::Wanted> write_changes(TempWorkspace& files, std::size_t count) {
  std::vector<ScriptLoads::Wanted> wanted;
  std::filesystem::create_directories(files.root() / "deploy/c2.sql");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "c" + std::to_string(i);
    wanted.push_back({name, {}, {}});
    if (i == 1 || i == 2) continue;
    files.write("deploy/" + name + ".sql", script_text(i));
    files.write("verify/" + name + ".sql", "SELECT 'v';");
  }
  return wanted;
}

}  // namespace

TEST_CASE("scripts of many changes are taken in the order they were asked for") {
  TempWorkspace files;
  const std::size_t count = GENERATE(5U, 250U);  // by the caller alone, and by two threads
  Module module;
  module.dir = files.root();
  ScriptLoads loads(module, write_changes(files, count), VerifyScripts::read);
  CHECK(loads.take_next().deploy.bytes() == script_text(0));
  const ChangeScripts missing = loads.take_next();
  CHECK_FALSE(missing.deploy);
  CHECK_THROWS_AS(loads.take_next(), Error);
  for (std::size_t i = 3; i < count; ++i) {
    const ChangeScripts scripts = loads.take_next();
    REQUIRE(scripts.deploy.bytes() == script_text(i));
    REQUIRE(scripts.verify.bytes() == "SELECT 'v';");
  }
}

TEST_CASE("verify scripts that are not wanted are left") {
  TempWorkspace files;
  Module module;
  module.dir = files.root();
  ScriptLoads loads(module, write_changes(files, 1), VerifyScripts::leave);
  const ChangeScripts scripts = loads.take_next();
  CHECK(scripts.deploy);
  CHECK_FALSE(scripts.verify);
}

TEST_CASE("what somebody else has read is not read again") {
  TempWorkspace files;
  const std::size_t count = GENERATE(6U, 250U);
  Module module;
  module.dir = files.root();
  std::vector<ScriptLoads::Wanted> wanted = write_changes(files, count);
  for (std::size_t i = 4; i < count; i += 2) {
    wanted[i].loaded = load_change(module, wanted[i].script_name, VerifyScripts::read);
    wanted[i - 1].deploy = {script_text(i - 1), "its hash"};
    for (const std::size_t j : {i - 1, i})
      std::filesystem::remove(files.root() / ("deploy/" + wanted[j].script_name + ".sql"));
  }
  ScriptLoads loads(module, std::move(wanted), VerifyScripts::read);
  for (int i = 0; i < 2; ++i) loads.take_next();
  CHECK_THROWS_AS(loads.take_next(), Error);
  for (std::size_t i = 3; i < count; ++i)
    REQUIRE(loads.take_next().deploy.bytes() == script_text(i));
}
