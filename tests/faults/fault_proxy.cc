// A slow link to a PostgreSQL server: fault_proxy --server DIR|DIR:PORT|HOST:PORT --delay MS
//
// Says on which loopback port it listens (`port N`), then passes messages on, each delayed by half
// of MS, until it is killed: a round trip costs MS more, however much is on its way at a time.
#include <pthread.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/proxy.h"

namespace {

constexpr const char* usage = "usage: fault_proxy --server DIR|DIR:PORT|HOST:PORT [--delay MS]\n";

struct Options {
  std::string server;
  double delay_ms = 0;
};

bool read_options(const std::vector<std::string>& words, Options& options) {
  for (std::size_t at = 0; at + 1 < words.size(); at += 2) {
    const std::string& value = words[at + 1];
    const char* end = value.data() + value.size();
    if (words[at] == "--server") {
      options.server = value;
    } else if (words[at] != "--delay" ||
               std::from_chars(value.data(), end, options.delay_ms).ptr != end) {
      return false;
    }
  }
  return words.size() % 2 == 0 && !options.server.empty() && options.delay_ms >= 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace pgpm::tests;
  Options options;
  if (!read_options({argv + 1, argv + argc}, options)) {
    std::fputs(usage, stderr);
    return 2;
  }
  try {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    const std::chrono::duration<double, std::milli> one_way(options.delay_ms / 2);
    Proxy proxy(read_server_address(options.server),
                std::chrono::duration_cast<std::chrono::nanoseconds>(one_way));
    std::printf("port %d\n", proxy.port());
    std::fflush(stdout);
    const std::jthread passing([&](const std::stop_token& stop) { proxy.run(stop); });
    int signal = 0;
    sigwait(&ends, &signal);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fault_proxy: %s\n", error.what());
    return 1;
  }
  return 0;
}
