#include "tests/support/own_server.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "engine/db/connection.h"
#include "pgpm/local_server.h"
#include "tests/support/beside_server.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {

namespace {

namespace fs = std::filesystem;

/// Where initdb and postgres are: PATH may lead to links.
fs::path programs() {
  const auto found = find_server_binaries();
  if (!found) skip_all("no PostgreSQL server programs are installed");
  return fs::canonical(*found / "postgres").parent_path();
}

}  // namespace

OwnServer::OwnServer(const OwnServerOptions& options) : port_(free_port()) {
  const fs::path beside = db::Connection::open(test_server()).host();
  const fs::path bin = programs();
  std::string pattern = fs::temp_directory_path() / "pgpm-own-XXXXXX";
  dir_ = mkdtemp(pattern.data());
  const auto run = [&](const std::vector<std::string>& command) {
    if (run_beside(beside, dir_, command) != 0)
      throw std::runtime_error(command.back() + " failed");
  };
  run({"/bin/sh", "-c",
       fmt::format("exec '{}' -D data -U postgres -A trust -N -E UTF8 --locale=C > initdb.log 2>&1",
                   (bin / "initdb").string())});
  std::ofstream(dir_ / "data/pg_hba.conf") << "local all all trust\n" << options.rules;
  if (!options.prepare.empty()) run({"/bin/sh", "-ec", options.prepare});
  std::string command =
      fmt::format("exec '{}' -D data -k '{}' -p {} -c listen_addresses=127.0.0.1 -c fsync=off",
                  (bin / "postgres").string(), dir_.string(), port_);
  for (const std::string& setting : options.settings) command += " -c '" + setting + "'";
  pid_ = start_beside(beside, dir_, {"/bin/sh", "-c", command + " 2> log"});
  for (int attempt = 0; attempt < 1200; ++attempt) {
    try {
      db::Connection::open(target());
      return;
    } catch (const Error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  throw std::runtime_error("the server did not start: " + log());
}

OwnServer::~OwnServer() {
  kill(pid_, SIGQUIT);
  waitpid(pid_, nullptr, 0);
  std::error_code error;
  fs::remove_all(dir_, error);
}

Target OwnServer::target() const {
  Target target;
  target.host = dir_.string();
  target.port = std::to_string(port_);
  target.user = "postgres";
  target.database = "postgres";
  return target;
}

std::string OwnServer::log() const {
  std::ifstream in(dir_ / "log", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace pgpm::tests
