// ScriptHashes: enough scripts for its readers to be threads, and what they cannot read.
#include "engine/migrate/script_hashes.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/migrate/script_store.h"
#include "engine/text/digest.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

std::string text_of(std::size_t i) {
  return "SELECT " + std::to_string(i) + ";\n";
}

/// A module whose changes are c0, c1, ...; the second has no script, the third's is a folder.
Module module_in(TempWorkspace& files, std::size_t changes) {
  Module module;
  module.dir = files.root();
  std::filesystem::create_directories(files.root() / "deploy/c2.sql");
  for (std::size_t i = 0; i < changes; ++i) {
    Change change;
    change.name = change.script_name = "c" + std::to_string(i);
    module.plan.changes.push_back(change);
    if (i != 1 && i != 2) files.write("deploy/" + change.name + ".sql", text_of(i));
  }
  return module;
}

}  // namespace

TEST_CASE("the hash of every deploy script, whoever reads it") {
  TempWorkspace files;
  const std::size_t changes = GENERATE(5U, 2100U);  // one by one, and ahead by two threads
  const Module module = module_in(files, changes);
  const ScriptHashes hashes({&module});
  CHECK(hashes.of(module, 1).empty());
  CHECK_THROWS_AS(hashes.of(module, 2), Error);
  for (std::size_t i = 3; i < changes; ++i) REQUIRE(hashes.of(module, i) == sha256_hex(text_of(i)));
  CHECK(hashes.of(module, 0) == sha256_hex(text_of(0)));
}

TEST_CASE("a folder that is not there, and one that leads out of the module") {
  TempWorkspace files, elsewhere;
  Module module;
  module.dir = files.root();
  CHECK(ScriptHasher().hash(module, "a").empty());
  elsewhere.write("a.sql", text_of(1));
  std::filesystem::create_symlink(elsewhere.root(), files.root() / "deploy");
  CHECK_THROWS_AS(ScriptHasher().hash(module, "a"), Error);
}

TEST_CASE("one hasher goes from folder to folder") {
  TempWorkspace files;
  const Module module = module_in(files, 1);
  files.write("deploy/x/y.sql", text_of(7));
  ScriptHasher hasher;
  CHECK(hasher.hash(module, "c0") == sha256_hex(text_of(0)));
  CHECK(hasher.hash(module, "x/y") == sha256_hex(text_of(7)));
  CHECK(hasher.hash(module, "x/c0").empty());
  CHECK(hasher.hash(module, "c0") == sha256_hex(text_of(0)));
}

TEST_CASE("nobody asks for the hashes: the readers end with it") {
  TempWorkspace files;
  const Module module = module_in(files, 1100);
  const ScriptHashes hashes({&module});
}
