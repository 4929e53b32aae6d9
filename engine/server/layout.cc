// Directories of a private server: made, recorded, found again, removed. Must not know how a server
// is started.
#include "engine/server/layout.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <system_error>

#include "pgpm/error.h"

namespace pgpm::server {

namespace fs = std::filesystem;

namespace {

// sun_path holds 108 bytes with its NUL; the server appends "/.s.PGSQL.5432.lock"'s shorter
// sibling.
constexpr std::size_t longest_socket_dir = 107 - sizeof("/.s.PGSQL.5432");

std::string read_record(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  std::getline(in, line);
  return line;
}

void write_record(const fs::path& file, const std::string& line) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << line << '\n';
  out.flush();
  if (!out) throw Error(ErrorCode::other, fmt::format("cannot write {}", file.generic_string()));
}

Error cannot(const char* what, const fs::path& path) {
  return Error(ErrorCode::other, fmt::format("cannot {} {}: {}", what, path.generic_string(),
                                             std::generic_category().message(errno)));
}

bool may_enter(const fs::path& dir, const Account& account) {
  struct stat status {};
  if (stat(dir.c_str(), &status) != 0) return errno == ENOENT;  // we shall create it
  if (status.st_uid == account.uid) return (status.st_mode & S_IXUSR) != 0;
  if (status.st_gid == account.gid) return (status.st_mode & S_IXGRP) != 0;
  return (status.st_mode & S_IXOTH) != 0;
}

bool can_reach(const fs::path& dir, const Account& account) {
  for (fs::path at = dir.parent_path(); at != at.root_path(); at = at.parent_path())
    if (!may_enter(at, account)) return false;
  return true;
}

void create_private(const fs::path& dir, const Account& account) {
  std::error_code error;
  fs::create_directories(dir.parent_path(), error);
  if (mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) throw cannot("create", dir);
  if (account.other && chown(dir.c_str(), account.uid, account.gid) != 0)
    throw cannot("give away", dir);
  if (chmod(dir.c_str(), 0700) != 0) throw cannot("protect", dir);
}

// A new directory of an unguessable name, because the parents are everybody's.
fs::path create_unique(const fs::path& parent, const Account& account) {
  std::string name = (parent / "pgpm-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw cannot("create", name);
  if (account.other && chown(name.c_str(), account.uid, account.gid) != 0)
    throw cannot("give away", name);
  return name;
}

bool is_ours(const fs::path& dir, const Account& account) {
  struct stat status {};
  return lstat(dir.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == account.uid && (status.st_mode & 0777) == 0700;
}

fs::path short_parent(const Account& account) {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && *runtime == '/' && std::string_view(runtime).size() < 80 &&
      can_reach(fs::path(runtime) / "x", account) && access(runtime, W_OK) == 0)
    return runtime;
  return "/tmp";
}

// The recorded directory while it is still there and the account's own, else a new one.
fs::path recorded_or_new(const fs::path& record, const fs::path& parent, const Account& account) {
  const std::string known = read_record(record);
  if (!known.empty() && is_ours(known, account)) return known;
  fs::path made = create_unique(parent, account);
  write_record(record, made.string());
  return made;
}

// Not below /tmp or /var/tmp, which are cleaned of what looks old. Only root ever needs it.
const fs::path elsewhere = "/var/lib/pgpm";

fs::path home_elsewhere(const Layout& layout, const Account& account) {
  std::error_code ignored;
  fs::create_directories(elsewhere, ignored);
  fs::permissions(elsewhere, fs::perms(0711), ignored);
  return recorded_or_new(layout.dir / "home_dir", elsewhere, account);
}

// Servers are started side by side: the answer must not lie in memory that all threads share.
std::optional<Account> account_named(const char* name) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> buffer{};
  getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return std::nullopt;
  return Account{name, entry.pw_uid, entry.pw_gid, true};
}

}  // namespace

Account server_account() {
  const uid_t self = geteuid();
  if (self != 0) return {"", self, getegid(), false};
  for (const char* name : {"postgres", "nobody"})
    if (auto account = account_named(name)) return *account;
  Error error(ErrorCode::other,
              "PostgreSQL refuses to run as root, and there is no other user to run it as");
  throw error.hint("create a user named postgres, or run pgpm as an ordinary user");
}

Layout read_layout(const fs::path& dir) {
  Layout layout;
  layout.dir = fs::absolute(dir).lexically_normal();
  if (!layout.dir.has_filename()) layout.dir = layout.dir.parent_path();
  const std::string home = read_record(layout.dir / "home_dir");
  layout.home = home.empty() ? layout.dir : fs::path(home);
  const std::string socket = read_record(layout.dir / "socket_dir");
  layout.socket_dir = socket.empty() ? layout.home / "socket" : fs::path(socket);
  return layout;
}

void create_directory(const fs::path& dir, const Account& account) {
  create_private(read_layout(dir).dir, account);
}

Layout create_layout(const fs::path& dir, const Account& account) {
  Layout layout = read_layout(dir);
  layout.home = can_reach(layout.dir, account) ? layout.dir : home_elsewhere(layout, account);
  layout.socket_dir = layout.home / "socket";
  if (layout.socket_dir.native().size() > longest_socket_dir)
    layout.socket_dir = recorded_or_new(layout.dir / "socket_dir", short_parent(account), account);
  else
    create_private(layout.socket_dir, account);
  return layout;
}

void remove_layout(const Layout& layout) {
  std::error_code ignored;
  fs::remove_all(layout.socket_dir, ignored);
  fs::remove_all(layout.home, ignored);
  if (layout.home.parent_path() == elsewhere) fs::remove(elsewhere, ignored);  // if it is empty now
  std::error_code error;
  fs::remove_all(layout.dir, error);
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot remove {}: {}", layout.dir.generic_string(), error.message()));
}

}  // namespace pgpm::server
