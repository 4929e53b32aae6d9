#include "engine/server/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "pgpm/error.h"

namespace pgpm::server {

namespace {

// Whoever held the lock before may have removed the directory with it.
bool is_still_there(int fd, const std::filesystem::path& file) {
  struct stat held {};
  struct stat named {};
  return fstat(fd, &held) == 0 && stat(file.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
         held.st_dev == named.st_dev;
}

bool lock(int fd, int operation) {
  while (flock(fd, operation) != 0)
    if (errno != EINTR) return false;
  return true;
}

struct Opened {
  int fd;
  bool locked;
};

Opened open_and_lock(const std::filesystem::path& file, int operation) {
  const int fd = open(file.c_str(), O_RDWR | O_CLOEXEC);
  return {fd, fd >= 0 && lock(fd, operation) && is_still_there(fd, file)};
}

}  // namespace

DirectoryLock DirectoryLock::acquire(const std::filesystem::path& dir, const Account& account) {
  for (;;) {
    create_directory(dir, account);
    const std::filesystem::path file = read_layout(dir).lock_file();
    const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ENOENT) continue;
    if (fd < 0)
      throw Error(ErrorCode::other, fmt::format("cannot open {}: {}", file.generic_string(),
                                                std::generic_category().message(errno)));
    DirectoryLock held(fd);
    if (lock(fd, LOCK_EX) && is_still_there(fd, file)) return held;
  }
}

std::optional<DirectoryLock> DirectoryLock::acquire_existing(const std::filesystem::path& dir) {
  const std::filesystem::path file = read_layout(dir).lock_file();
  for (;;) {
    const Opened opened = open_and_lock(file, LOCK_EX);
    if (opened.fd < 0) return std::nullopt;
    DirectoryLock held(opened.fd);
    if (opened.locked) return held;
  }
}

std::optional<DirectoryLock> DirectoryLock::try_acquire(const std::filesystem::path& dir) {
  const Opened opened = open_and_lock(read_layout(dir).lock_file(), LOCK_EX | LOCK_NB);
  DirectoryLock held(opened.fd);
  if (!opened.locked) return std::nullopt;
  return held;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace pgpm::server
