// bench_server COMMAND...: runs the command beside a throwaway server that PGHOST, PGPORT and
// PGUSER lead to.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "pgpm/error.h"
#include "pgpm/local_server.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  try {
    pgpm::LocalServerOptions options;
    options.dir = std::filesystem::temp_directory_path() / "pgpm-bench" /
                  ("server-" + std::to_string(getpid()));
    options.durable = false;
    options.ephemeral = true;
    pgpm::start_local_server(options);
    const pgpm::Target target = pgpm::local_server_target(options);
    setenv("PGHOST", target.host.c_str(), 1);
    setenv("PGPORT", target.port.c_str(), 1);
    setenv("PGUSER", target.user.c_str(), 1);
    const pid_t child = fork();
    if (child == 0) {
      execvp(argv[1], argv + 1);
      std::perror(argv[1]);
      _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    pgpm::destroy_local_server(options);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  } catch (const pgpm::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
