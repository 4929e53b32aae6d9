#include "tests/support/client_programs.h"

#include <cstdlib>

#include "engine/db/conninfo.h"

namespace pgpm::tests {

std::optional<std::filesystem::path> client_programs(TestDatabase& database) {
  if (std::system("command -v pg_config > /dev/null 2>&1") != 0) return std::nullopt;
  std::string dir = run_process({{"pg_config", "--bindir"}, {}, {}, "", false, false, false}).out;
  while (!dir.empty() && dir.back() == '\n') dir.pop_back();
  const std::filesystem::path programs = dir;
  if (!std::filesystem::exists(programs / "pg_dump") || !std::filesystem::exists(programs / "psql"))
    return std::nullopt;
  const std::string version =
      run_process({{programs / "pg_dump", "--version"}, {}, {}, "", false, false, false}).out;
  const int major = std::atoi(version.c_str() + version.find_first_of("0123456789"));
  if (database.connection().server_version() / 10000 > major) return std::nullopt;
  return programs;
}

ProcessOptions program(TestDatabase& database, std::vector<std::string> command) {
  ProcessOptions options;
  options.command = std::move(command);
  options.environment = {{"PGHOST", database.connection().host()},
                         {"PGPORT", database.query_text("SHOW port")},
                         {"PGUSER", database.connection().user()},
                         {"PGDATABASE", database.name()}};
  const std::string password = db::connection_parameters(database.target()).password;
  if (!password.empty()) options.environment["PGPASSWORD"] = password;
  return options;
}

}  // namespace pgpm::tests
