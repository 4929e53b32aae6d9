// ScriptHashes: enough scripts for its readers to be threads, and what they cannot read.
#include "engine/migrate/script_hashes.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <thread>

#include "engine/migrate/script_store.h"
#include "engine/text/digest.h"
#include "engine/text/file_ring.h"
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
  CHECK(ScriptHasher().read(module, "a").hash.empty());
  elsewhere.write("a.sql", text_of(1));
  std::filesystem::create_symlink(elsewhere.root(), files.root() / "deploy");
  CHECK_THROWS_AS(ScriptHasher().read(module, "a"), Error);
}

TEST_CASE("one hasher goes from folder to folder") {
  TempWorkspace files;
  const Module module = module_in(files, 1);
  files.write("deploy/x/y.sql", text_of(7));
  ScriptHasher hasher;
  CHECK(hasher.read(module, "c0").hash == sha256_hex(text_of(0)));
  CHECK(hasher.read(module, "x/y").hash == sha256_hex(text_of(7)));
  CHECK(hasher.read(module, "x/c0").hash.empty());
  CHECK(hasher.read(module, "c0").hash == sha256_hex(text_of(0)));
}

TEST_CASE("nobody asks for the hashes: the readers end with it") {
  TempWorkspace files;
  const Module module = module_in(files, 1100);
  const ScriptHashes hashes({&module});
}

TEST_CASE("scripts read ahead are given once, and only if they can be read") {
  TempWorkspace files;
  const Module module = module_in(files, 600);
  files.write("verify/c599.sql", "SELECT 'v';");
  const auto ahead = GENERATE(ReadAhead::deploy_scripts, ReadAhead::deploy_and_verify_scripts);
  // How far the readers come is a matter of time, but the last change's are the first they parse.
  ScriptLoads::Wanted last;
  for (auto time = std::chrono::milliseconds(20); !last.loaded && time < std::chrono::minutes(1);
       time *= 2) {
    const ScriptHashes hashes({&module}, ahead);
    std::this_thread::sleep_for(time);
    last = hashes.take(module, 599);
    CHECK(last.script_name == "c599");
    CHECK_FALSE(hashes.take(module, 599).loaded);
    CHECK(hashes.take(module, 599).deploy.bytes.empty());
    CHECK_FALSE(hashes.take(module, 2).loaded);
    for (std::size_t i = 3; i < 599; ++i) {
      const auto scripts = hashes.take(module, i);
      const std::string bytes =
          scripts.loaded ? std::string(scripts.loaded->deploy.bytes()) : scripts.deploy.bytes;
      REQUIRE(bytes == text_of(i));
    }
  }
  REQUIRE(last.loaded);
  CHECK(last.loaded->deploy.bytes() == text_of(599));
  CHECK(last.loaded->deploy.hash == sha256_hex(text_of(599)));
  CHECK(static_cast<bool>(last.loaded->verify) == (ahead == ReadAhead::deploy_and_verify_scripts));
}

TEST_CASE("of much more than a deploy needs at once only a part is kept") {
  TempWorkspace files;
  const Module module = module_in(files, 600);
  const std::string long_text = "SELECT '" + std::string(100'000, 'x') + "';";
  for (std::size_t i = 3; i < 600; ++i)
    files.write("deploy/c" + std::to_string(i) + ".sql", long_text);
  const ScriptHashes hashes({&module}, ReadAhead::deploy_scripts);
  std::size_t kept = 0;
  for (std::size_t i = 3; i < 600; ++i) {
    CHECK(hashes.of(module, i) == sha256_hex(long_text));
    const auto scripts = hashes.take(module, i);
    if (scripts.loaded || !scripts.deploy.bytes.empty()) ++kept;
  }
  CHECK(kept > 0);
  CHECK(kept < 100);
}

TEST_CASE("nothing is read ahead where only hashes are wanted, or there are thousands of files") {
  TempWorkspace files;
  const bool many = GENERATE(false, true);
  const Module module = module_in(files, many ? 2100 : 600);
  const ScriptHashes hashes({&module}, many ? ReadAhead::deploy_scripts : ReadAhead::hashes);
  CHECK(hashes.of(module, 599) == sha256_hex(text_of(599)));
  CHECK_FALSE(hashes.take(module, 599).loaded);
  CHECK(hashes.take(module, 599).deploy.bytes.empty());
}

// What a listing shows as a regular file is read together with others, the rest by itself.
TEST_CASE("whatever stands among the scripts, their hashes are those of single readings") {
  TempWorkspace files;
  const std::string odd = GENERATE("", "SELECT 1;");
  const Module module = module_in(files, 600);
  const std::filesystem::path deploy = files.root() / "deploy";
  files.write("deploy/c10.sql", odd);
  files.write("deploy/c20.sql", std::string(8191, '-'));
  files.write("deploy/c30.sql", std::string(8192, '-'));
  files.write("deploy/c40.sql", std::string(300'000, '-'));
  for (const char* gone : {"c50.sql", "c60.sql", "c70.sql"}) std::filesystem::remove(deploy / gone);
  std::filesystem::create_symlink("c3.sql", deploy / "c50.sql");
  std::filesystem::create_symlink("/etc/passwd", deploy / "c60.sql");
  REQUIRE(::mkfifo((deploy / "c70.sql").c_str(), 0600) == 0);
  const ScriptHashes hashes({&module});
  for (std::size_t i = 3; i < 600; ++i) {
    if (i == 60 || i == 70) {
      CHECK_THROWS_AS(hashes.of(module, i), Error);
    } else {
      REQUIRE(hashes.of(module, i) ==
              ScriptHasher().read(module, module.plan.changes[i].script_name).hash);
    }
  }
  CHECK(hashes.of(module, 10) == sha256_hex(odd));
  CHECK(hashes.of(module, 50) == sha256_hex(text_of(3)));
}

TEST_CASE("scripts of many folders, and more than are read together in one") {
  TempWorkspace files;
  Module module;
  module.dir = files.root();
  for (std::size_t i = 0; i < 600; ++i) {
    Change change;
    // Runs of 1 to 150 scripts in a folder.
    change.script_name = "f" + std::to_string(i < 30 ? i : i / 150) + "/c" + std::to_string(i);
    files.write("deploy/" + change.script_name + ".sql", text_of(i));
    module.plan.changes.push_back(change);
  }
  const ScriptHashes hashes({&module});
  for (std::size_t i = 0; i < 600; ++i) REQUIRE(hashes.of(module, i) == sha256_hex(text_of(i)));
}

namespace {

/// From now on this process gets no ring, as in many containers.
bool forbid_rings() {
  sock_filter program[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, __NR_io_uring_setup},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog filter{std::size(program), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 && FileRing::open() == nullptr;
}

bool all_hashes_hold(const Module& module) {
  const ScriptHashes hashes({&module});
  for (std::size_t i = 3; i < module.plan.changes.size(); ++i)
    if (hashes.of(module, i) != sha256_hex(text_of(i))) return false;
  return hashes.of(module, 1).empty();
}

}  // namespace

TEST_CASE("the hashes are the same where the system forbids io_uring") {
  TempWorkspace files;
  const Module module = module_in(files, 600);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(!forbid_rings() ? 2 : all_hashes_hold(module) ? 0 : 1);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
