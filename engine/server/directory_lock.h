// One start, stop or removal of a private server at a time: an flock on a file in its directory.
#pragma once

#include <filesystem>
#include <optional>

#include "engine/server/layout.h"

namespace pgpm::server {

/// Held until destroyed. Knows when the directory was removed while it waited, and then takes the
/// new one's lock.
class DirectoryLock {
 public:
  /// Waits for it; creates the directory if there is none.
  static DirectoryLock acquire(const std::filesystem::path& dir, const Account& account);
  /// Waits for it, but creates nothing; nullopt if there is no such directory.
  static std::optional<DirectoryLock> acquire_existing(const std::filesystem::path& dir);
  /// Does not wait and creates nothing; nullopt if someone has it or there is no such directory.
  static std::optional<DirectoryLock> try_acquire(const std::filesystem::path& dir);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace pgpm::server
