// Start, stop and removal of a private server. Whoever can enter its socket directory is let in as
// superuser (`trust`): the directory is the server account's own, mode 0700, and there is no TCP,
// so only that user and root can. The surprising fact: initdb works in a directory beside the final
// one, because a killed initdb leaves something that looks finished.
#include "engine/server/private_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <locale.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <system_error>
#include <utility>

#include "engine/server/directory_lock.h"
#include "engine/server/process.h"
#include "pgpm/error.h"

namespace pgpm {

namespace fs = std::filesystem;
using namespace server;

namespace {

constexpr int server_port = 5432;  // names the socket file only
constexpr const char* superuser = "postgres";
constexpr std::chrono::seconds start_patience(120);

std::string data_version(const Layout& layout) {
  std::ifstream in(layout.data() / "PG_VERSION", std::ios::binary);
  std::string version;
  std::getline(in, version);
  return version;
}

// Data of one major version is of no use to the programs of another.
fs::path binaries(const LocalServerOptions& options, const Layout& layout) {
  if (!options.bin_dir.empty()) return options.bin_dir;
  const std::string version = data_version(layout);
  fs::path matching = fs::path("/usr/lib/postgresql") / version / "bin";
  if (!version.empty() && access((matching / "postgres").c_str(), X_OK) == 0) return matching;
  if (auto found = find_server_binaries()) return *found;
  Error error(ErrorCode::connection,
              "no PostgreSQL server programs (initdb, postgres) are installed");
  throw error.hint("install the server, e.g. `apt-get install postgresql`");
}

const char* utf8_locale() {
  const locale_t found = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
  if (found == nullptr) return "C";
  freelocale(found);
  return "C.UTF-8";
}

Error with_log(const std::string& what, const Layout& layout) {
  const std::string tail = log_tail(layout);
  Error error(ErrorCode::connection, tail.empty() ? what : what + ":\n" + tail);
  return error.hint("the whole log is " + layout.log().generic_string());
}

// Only options that initdb of every supported version knows (--no-instructions came with 14).
void initialise(const LocalServerOptions& options, const Layout& layout, const Account& account) {
  const fs::path unfinished = layout.home / "data.new";
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  std::vector<std::string> command{(binaries(options, layout) / "initdb").string(),
                                   "--pgdata=" + unfinished.string(),
                                   std::string("--username=") + superuser,
                                   "--auth=trust",
                                   "--encoding=UTF8",
                                   std::string("--locale=") + utf8_locale(),
                                   "--lc-messages=C"};
  if (!options.durable) command.emplace_back("--no-sync");
  if (run_program({command, layout.log(), account}) != 0)
    throw with_log("initdb could not create the private server's data", layout);
  fs::rename(unfinished, layout.data());
}

// A path in a list setting: quoted, because commas and blanks separate.
std::string quoted_path(const fs::path& path) {
  std::string quoted = "\"";
  for (const char c : path.string()) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::vector<std::string> server_command(const LocalServerOptions& options, const Layout& layout) {
  std::vector<std::string> settings{"listen_addresses=",
                                    fmt::format("port={}", server_port),
                                    "unix_socket_directories=" + quoted_path(layout.socket_dir),
                                    "unix_socket_permissions=0700",
                                    "logging_collector=off",
                                    "log_destination=stderr"};
  if (!options.durable)
    for (const char* setting : {"fsync=off", "synchronous_commit=off", "full_page_writes=off",
                                "shared_buffers=32MB", "autovacuum=off", "max_connections=60"})
      settings.emplace_back(setting);
  std::vector<std::string> command{(binaries(options, layout) / "postgres").string(), "-D",
                                   layout.data().string()};
  for (std::string& setting : settings) {
    command.emplace_back("-c");
    command.push_back(std::move(setting));
  }
  return command;
}

// The server believes a pid file whose process lives, whoever that is by now; we hold the lock and
// know better.
void remove_stale_files(const Layout& layout) {
  std::error_code ignored;
  fs::remove(layout.pid_file(), ignored);
  const std::string socket = fmt::format(".s.PGSQL.{}", server_port);
  fs::remove(layout.socket_dir / socket, ignored);
  fs::remove(layout.socket_dir / (socket + ".lock"), ignored);
}

void await_ready(const Layout& layout, int alive) {
  const auto deadline = std::chrono::steady_clock::now() + start_patience;
  while (!read_pid_file(layout).ready) {
    pollfd ended{alive, POLLIN, 0};
    if (poll(&ended, 1, 5) > 0) throw with_log("the private server did not start", layout);
    if (std::chrono::steady_clock::now() > deadline)
      throw with_log("the private server does not become ready", layout);
  }
}

void launch(const LocalServerOptions& options, const Layout& layout, const Account& account) {
  const int alive = start_program({server_command(options, layout), layout.log(), account});
  try {
    await_ready(layout, alive);
  } catch (...) {
    close(alive);
    throw;
  }
  close(alive);
}

void take_ownership(const Layout& layout) {
  record_owner(layout);
  Watch watch{layout.pid_file(), {layout.socket_dir, layout.home, layout.dir}};
  start_watcher(watch);
}

LocalServerStatus status_of(const Layout& layout) {
  LocalServerStatus status;
  status.dir = layout.dir;
  status.socket_dir = layout.socket_dir;
  status.log_file = layout.log();
  status.port = server_port;
  status.version = data_version(layout);
  status.initialised = !status.version.empty();
  status.pid = postmaster(layout);
  status.running = status.pid != 0 && read_pid_file(layout).ready;
  return status;
}

void start_locked(const LocalServerOptions& options, const Layout& layout, const Account& account) {
  if (status_of(layout).running) return;
  stop_postmaster(layout, Shutdown::immediate);  // one that was left half started
  if (options.ephemeral) take_ownership(layout);
  if (data_version(layout).empty()) initialise(options, layout, account);
  remove_stale_files(layout);
  launch(options, layout, account);
}

}  // namespace

LocalServerStatus local_server_status(const LocalServerOptions& options) {
  return status_of(read_layout(options.dir));
}

LocalServerStatus start_local_server(const LocalServerOptions& options) {
  const Account account = server_account();
  if (options.ephemeral) remove_abandoned(read_layout(options.dir).dir.parent_path());
  const DirectoryLock lock = DirectoryLock::acquire(options.dir, account);
  const Layout layout = create_layout(options.dir, account);
  start_locked(options, layout, account);
  return status_of(layout);
}

void stop_local_server(const LocalServerOptions& options) {
  const auto lock = DirectoryLock::acquire_existing(options.dir);
  if (lock) stop_postmaster(read_layout(options.dir), Shutdown::fast);
}

void destroy_local_server(const LocalServerOptions& options) {
  const auto lock = DirectoryLock::acquire_existing(options.dir);
  if (!lock) return;
  const Layout layout = read_layout(options.dir);
  stop_postmaster(layout, Shutdown::immediate);
  remove_layout(layout);
}

Target local_server_target(const LocalServerOptions& options) {
  Target target;
  // PGHOSTADDR or a service file's hostaddr would lead a connection elsewhere, even past an
  // explicit host.
  target.dsn = Secret("hostaddr=''");
  target.host = read_layout(options.dir).socket_dir.string();
  target.port = std::to_string(server_port);
  target.user = superuser;
  return target;
}

}  // namespace pgpm
