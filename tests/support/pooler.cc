#include "tests/support/pooler.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "engine/db/connection.h"
#include "tests/support/beside_server.h"

namespace pgpm::tests {

namespace {

constexpr const char* program = "/usr/sbin/pgbouncer";
}  // namespace

bool Pooler::is_installed() {
  return access(program, X_OK) == 0;
}

Pooler::Pooler(const Target& server, const std::string& mode, int pool_size,
               const std::string& more)
    : port_(free_port()) {
  std::string pattern = std::filesystem::temp_directory_path() / "pgpm-pooler-XXXXXX";
  dir_ = mkdtemp(pattern.data());
  std::filesystem::permissions(dir_, std::filesystem::perms::all);
  db::Connection direct = db::Connection::open(server);
  const std::string port = direct.exec("SHOW port").str(0, 0);
  std::ofstream(dir_ / "users.txt") << fmt::format("\"{}\" \"\"\n", direct.user());
  std::ofstream(dir_ / "pgbouncer.ini") << fmt::format(
      "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\n"
      "unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = {}\n"
      "default_pool_size = {}\nlogfile = {}\n{}\n",
      direct.host(), port, port_, (dir_ / "users.txt").string(), mode, pool_size,
      (dir_ / "log").string(), more);
  pid_ = start_beside(direct.host(), dir_, {program, "-q", dir_ / "pgbouncer.ini"});
  for (int attempt = 0; attempt < 200; ++attempt) {
    try {
      db::Connection::open(target(server));
      return;
    } catch (const Error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  throw std::runtime_error("PgBouncer did not start");
}

Pooler::~Pooler() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  std::error_code error;
  std::filesystem::remove_all(dir_, error);
}

Target Pooler::target(const Target& direct) const {
  Target pooled = direct;
  pooled.dsn = {};
  pooled.database = direct.database;
  pooled.host = "127.0.0.1";
  pooled.port = std::to_string(port_);
  if (pooled.user.empty()) pooled.user = db::Connection::open(direct).user();
  return pooled;
}

}  // namespace pgpm::tests
