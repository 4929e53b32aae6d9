// Where a private server keeps its things. One directory the user names, with everything below it,
// except when the server's user cannot reach it (root's home is closed to the unprivileged server)
// or a socket path would be too long (107 bytes): then a short name elsewhere is used, and recorded
// here so that the next start finds it again.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace pgpm::server {

/// Who runs the server: the invoking user, or an unprivileged one when we are root.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  bool other =
      false;  ///< not the invoking user: files must be given to it, and the process must become it
};

/// Throws Error(other) when we are root and the machine has neither `postgres` nor `nobody`.
Account server_account();

struct Layout {
  std::filesystem::path dir;  ///< what the user named; holds the lock and the records
  std::filesystem::path
      home;  ///< where data and log are: dir, or elsewhere if the account cannot reach it
  std::filesystem::path socket_dir;
  std::filesystem::path data() const { return home / "data"; }
  std::filesystem::path log() const { return home / "server.log"; }
  std::filesystem::path pid_file() const { return data() / "postmaster.pid"; }
  std::filesystem::path lock_file() const { return dir / "lock"; }
  std::filesystem::path owner_file() const { return dir / "owner"; }
};

/// As recorded or, before the first start, as it would be. Touches nothing.
Layout read_layout(const std::filesystem::path& dir);
/// Creates the directory the user named, so that there is something to lock.
void create_directory(const std::filesystem::path& dir, const Account& account);
/// Creates the rest (mode 0700, the account's own) and the records. The caller holds the lock.
Layout create_layout(const std::filesystem::path& dir, const Account& account);
/// Removes them all.
void remove_layout(const Layout& layout);

}  // namespace pgpm::server
