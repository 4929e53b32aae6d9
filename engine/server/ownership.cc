#include <unistd.h>

#include <charconv>
#include <fstream>
#include <system_error>
#include <vector>

#include "engine/server/directory_lock.h"
#include "engine/server/private_server.h"
#include "engine/server/process.h"
#include "pgpm/error.h"

namespace pgpm::server {

namespace fs = std::filesystem;

namespace {

// "PID START": a later process with the same pid started at another time.
bool has_dead_owner(const Layout& layout) {
  std::ifstream in(layout.owner_file(), std::ios::binary);
  pid_t pid = 0;
  std::string started;
  if (!(in >> pid >> started)) return false;
  return !is_running(pid) || start_time(pid) != started;
}

void remove_if_abandoned(const fs::path& dir) {
  const Layout layout = read_layout(dir);
  if (!has_dead_owner(layout)) return;
  const std::optional<DirectoryLock> lock = DirectoryLock::try_acquire(dir);
  if (!lock || !has_dead_owner(layout)) return;
  stop_postmaster(layout, Shutdown::immediate);
  remove_layout(layout);
}

}  // namespace

void record_owner(const Layout& layout) {
  std::ofstream out(layout.owner_file(), std::ios::binary | std::ios::trunc);
  out << getpid() << ' ' << start_time(getpid()) << '\n';
}

void remove_abandoned(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
    if (fs::is_directory(at->path(), error)) found.push_back(at->path());
  for (const fs::path& dir : found) {
    try {
      remove_if_abandoned(dir);
    } catch (
        const Error&) {  // NOLINT(bugprone-empty-catch): its watcher removes it at the same time
    }
  }
}

}  // namespace pgpm::server
