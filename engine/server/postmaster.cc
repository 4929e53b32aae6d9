#include <signal.h>

#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "engine/server/private_server.h"
#include "engine/server/process.h"

namespace pgpm::server {

namespace fs = std::filesystem;

namespace {

struct Escalation {
  int signal;
  std::chrono::seconds patience;
};

// After a crash another process may have the pid by now; a postmaster works in its data directory.
bool is_postmaster(pid_t pid, const Layout& layout) {
  if (!is_running(pid)) return false;
  const fs::path folder = working_directory(pid);
  std::error_code error;
  return folder.empty() || fs::equivalent(folder, layout.data(), error);
}

// Its pid file is gone a little before it is.
bool ends_within(const Layout& layout, pid_t pid, std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (is_postmaster(pid, layout)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace

PidFile read_pid_file(const Layout& layout) {
  constexpr std::size_t status_line = 7;
  std::ifstream in(layout.pid_file(), std::ios::binary);
  PidFile file;
  std::string line;
  for (std::size_t number = 0; std::getline(in, line); ++number) {
    if (number == 0) std::from_chars(line.data(), line.data() + line.size(), file.pid);
    if (number == status_line) file.ready = line.compare(0, 5, "ready") == 0;
  }
  return file;
}

pid_t postmaster(const Layout& layout) {
  const pid_t pid = read_pid_file(layout).pid;
  return is_postmaster(pid, layout) ? pid : 0;
}

std::string log_tail(const Layout& layout) {
  constexpr std::size_t lines = 12;
  std::ifstream in(layout.log(), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::size_t at = text.size();
  for (std::size_t i = 0; i <= lines && at != std::string::npos && at > 0; ++i)
    at = text.rfind('\n', at - 1);
  std::string tail = at == std::string::npos || at == 0 ? text : text.substr(at + 1);
  while (!tail.empty() && tail.back() == '\n') tail.pop_back();
  return tail;
}

void stop_postmaster(const Layout& layout, Shutdown how) {
  constexpr std::array<Escalation, 3> steps{{{SIGINT, std::chrono::seconds(60)},
                                             {SIGQUIT, std::chrono::seconds(10)},
                                             {SIGKILL, std::chrono::seconds(10)}}};
  const pid_t pid = postmaster(layout);
  for (std::size_t i = how == Shutdown::fast ? 0 : 1; pid != 0 && i < steps.size(); ++i) {
    kill(pid, steps[i].signal);
    if (ends_within(layout, pid, steps[i].patience)) return;
  }
}

}  // namespace pgpm::server
