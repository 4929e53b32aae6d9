// fault_proxy --server DIR|HOST[:PORT] --delay MS COMMAND...: runs the command with PGHOST and
// PGPORT leading through a link to the server whose round trip takes that long.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/faults/proxy.h"

int main(int argc, char** argv) {
  pgpm::faults::ProxyOptions options;
  int next = 1;
  for (; next + 1 < argc && std::string_view(argv[next]).starts_with("--"); next += 2) {
    const std::string value = argv[next + 1];
    if (std::string_view(argv[next]) == "--delay") {
      options.round_trip = std::chrono::microseconds(static_cast<long>(1000 * std::stod(value)));
    } else if (std::string_view(argv[next]) == "--server") {
      const std::size_t colon = value.starts_with("/") ? std::string::npos : value.find(':');
      options.host = value.substr(0, colon);
      if (colon != std::string::npos) options.port = value.substr(colon + 1);
    } else {
      return 2;
    }
  }
  if (options.host.empty() || next >= argc) {
    std::fputs("usage: fault_proxy --server DIR|HOST[:PORT] --delay MS COMMAND...\n", stderr);
    return 2;
  }
  const pgpm::faults::Proxy proxy(options);
  setenv("PGHOST", "127.0.0.1", 1);
  setenv("PGPORT", std::to_string(proxy.port()).c_str(), 1);
  const pid_t child = fork();
  if (child == 0) {
    execvp(argv[next], argv + next);
    std::perror(argv[next]);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
