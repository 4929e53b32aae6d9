#include "tests/support/test_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "pgpm/local_server.h"

extern char** environ;

namespace pgpm::tests {

namespace {

/// In memory if there is plenty of it: creating and dropping databases is all about writing files.
std::filesystem::path fast_directory() {
  constexpr std::uintmax_t plenty = std::uintmax_t{4} << 30;
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(memory, error);
  if (!error && space.available >= plenty && access(memory.c_str(), W_OK) == 0) return memory;
  return std::filesystem::temp_directory_path();
}

LocalServerOptions server_options() {
  LocalServerOptions options;
  // All test servers share a parent, so that one that was killed with its watcher is removed by the
  // next.
  options.dir = fast_directory() / fmt::format("pgpm-test-{}", geteuid()) /
                fmt::format("server-{}", getpid());
  options.durable = false;
  options.ephemeral = true;
  return options;
}

Target start() {
  clean_environment();
  Target target;
  if (const char* dsn = std::getenv("PGPM_TEST_DSN")) {
    target.dsn = Secret(dsn);
    return target;
  }
  if (!find_server_binaries())
    skip_all("no PostgreSQL server programs are installed, and PGPM_TEST_DSN is not set");
  start_local_server(server_options());
  target = local_server_target(server_options());
  target.database = "postgres";
  return target;
}

}  // namespace

void clean_environment() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string entry(*variable);
    if (entry.compare(0, 2, "PG") == 0 && entry.compare(0, 5, "PGPM_") != 0)
      names.push_back(entry.substr(0, entry.find('=')));
  }
  for (const std::string& name : names) unsetenv(name.c_str());
  setenv("LC_ALL", "C", 1);
  setenv("TZ", "UTC", 1);
}

const Target& test_server() {
  static const Target target = start();
  return target;
}

void skip_all(const char* reason) {
  std::fprintf(stderr, "skipped: %s\n", reason);
  std::fflush(nullptr);
  std::_Exit(77);
}

}  // namespace pgpm::tests
