// Private servers: real ones, started and killed. Owners that end are child processes; a server is
// gone when its process and its directory are.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/db/connection.h"
#include "engine/server/process.h"
#include "pgpm/local_server.h"
#include "tests/support/test_server.h"

using namespace pgpm;
namespace fs = std::filesystem;

namespace {

// A directory for servers, emptied of them in the end.
class ServerDir {
 public:
  ServerDir() {
    tests::clean_environment();
    if (!find_server_binaries()) tests::skip_all("no PostgreSQL server programs are installed");
    char name[] = "/tmp/pgpm-private-XXXXXX";
    path = mkdtemp(name);
    chmod(name, 0755);
  }
  ~ServerDir() {
    for (const LocalServerOptions& options : used_) destroy_local_server(options);
    fs::remove_all(path);
  }
  ServerDir(const ServerDir&) = delete;
  ServerDir& operator=(const ServerDir&) = delete;

  LocalServerOptions options(const std::string& name) {
    LocalServerOptions options;
    options.dir = path / name;
    options.durable = false;
    used_.push_back(options);
    return options;
  }

  fs::path path;

 private:
  std::vector<LocalServerOptions> used_;
};

std::string ask(const LocalServerOptions& options, const std::string& sql) {
  Target target = local_server_target(options);
  target.database = "postgres";
  return db::Connection::open(target).exec(sql).str(0, 0);
}

bool alive(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return (in >> number >> name >> state) && state != "Z";
}

void await_gone(pid_t pid, const fs::path& dir) {
  while (alive(pid) || fs::exists(dir)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

// Starts an ephemeral server in another process, which then waits to be ended. Returns its pid.
pid_t start_in_child(const LocalServerOptions& options) {
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    for (const int number : {SIGINT, SIGTERM}) signal(number, SIG_DFL);  // Catch2 has its own
    start_local_server(options);
    const char done = 'x';
    const ssize_t sent = write(ready[1], &done, 1);
    for (;;) pause();
    _exit(sent == 1 ? 0 : 1);
  }
  close(ready[1]);
  char done = 0;
  const ssize_t got = read(ready[0], &done, 1);
  close(ready[0]);
  REQUIRE(got == 1);
  return child;
}

}  // namespace

TEST_CASE("a private server is created, found running, stopped and started again", "[server]") {
  ServerDir dir;
  const LocalServerOptions options = dir.options("a");
  CHECK_FALSE(local_server_status(options).initialised);
  const LocalServerStatus started = start_local_server(options);
  CHECK(started.running);
  CHECK(started.initialised);
  CHECK(alive(started.pid));
  CHECK(ask(options, "SHOW listen_addresses").empty());
  CHECK(ask(options, "SHOW server_encoding") == "UTF8");
  CHECK(ask(options, "SHOW data_directory") == (started.dir / "data").string());
  CHECK(ask(options, "SHOW server_version").substr(0, started.version.size()) == started.version);
  ask(options, "CREATE TABLE kept AS SELECT 42 AS a; SELECT 1");
  CHECK(start_local_server(options).pid == started.pid);

  stop_local_server(options);
  CHECK_FALSE(alive(started.pid));
  CHECK_FALSE(local_server_status(options).running);
  CHECK(local_server_status(options).initialised);
  stop_local_server(options);

  CHECK(start_local_server(options).pid != started.pid);
  CHECK(ask(options, "SELECT a FROM kept") == "42");
  destroy_local_server(options);
  CHECK_FALSE(fs::exists(options.dir));
  CHECK_NOTHROW(destroy_local_server(options));
}

TEST_CASE("nobody else may reach a private server", "[server]") {
  ServerDir dir;
  const LocalServerOptions options = dir.options("a");
  const LocalServerStatus status = start_local_server(options);
  for (const fs::path& path : {status.socket_dir, status.dir, status.dir / "data"}) {
    struct stat found {};
    REQUIRE(stat(path.c_str(), &found) == 0);
    CAPTURE(path);
    CHECK((found.st_mode & 077) == 0);
  }
}

TEST_CASE("a connection to the private server cannot be led elsewhere", "[server]") {
  ServerDir dir;
  const LocalServerOptions options = dir.options("a");
  start_local_server(options);
  setenv("PGHOSTADDR", "192.0.2.1", 1);
  setenv("PGHOST", "192.0.2.2", 1);
  setenv("PGPORT", "1", 1);
  setenv("PGUSER", "nobody_at_all", 1);
  CHECK(ask(options, "SELECT current_user") == "postgres");
  tests::clean_environment();
}

TEST_CASE("many starts at once make one server", "[server]") {
  ServerDir dir;
  const LocalServerOptions options = dir.options("a");
  std::vector<int> pids(4);
  std::vector<std::thread> threads;
  for (int& pid : pids)
    threads.emplace_back([&pid, &options] { pid = start_local_server(options).pid; });
  for (std::thread& thread : threads) thread.join();
  for (const int pid : pids) CHECK(pid == pids[0]);
  CHECK(pids[0] > 0);
}

TEST_CASE("a killed server's leftovers do not stop the next start", "[server]") {
  ServerDir dir;
  const LocalServerOptions options = dir.options("a");
  const LocalServerStatus first = start_local_server(options);
  kill(first.pid, SIGKILL);
  while (alive(first.pid)) std::this_thread::yield();
  CHECK_FALSE(local_server_status(options).running);
  // As if another program had got its pid since.
  std::ofstream(first.dir / "data" / "postmaster.pid")
      << getpid() << '\n'
      << (first.dir / "data").string() << "\n1\n5432\n\n\n\nready\n";
  CHECK_FALSE(local_server_status(options).running);
  CHECK(start_local_server(options).running);
  CHECK(ask(options, "SELECT 1") == "1");
}

TEST_CASE("a directory too deep for a socket gets a short one elsewhere, removed with it",
          "[server]") {
  ServerDir dir;
  const LocalServerOptions options =
      dir.options(std::string(60, 'd') + "/" + std::string(60, 'e') + "/it's \"odd\", ä");
  const LocalServerStatus status = start_local_server(options);
  CHECK(status.socket_dir.native().size() < 60);
  CHECK(local_server_status(options).socket_dir == status.socket_dir);
  CHECK(ask(options, "SELECT 1") == "1");
  stop_local_server(options);
  CHECK(start_local_server(options).socket_dir == status.socket_dir);
  destroy_local_server(options);
  CHECK_FALSE(fs::exists(status.socket_dir));
}

TEST_CASE("root's closed home is no obstacle", "[server]") {
  ServerDir dir;
  fs::create_directory(dir.path / "home");
  fs::permissions(dir.path / "home", fs::perms::owner_all);
  const LocalServerOptions options = dir.options("home/local");
  const LocalServerStatus status = start_local_server(options);
  CHECK(status.running);
  CHECK(ask(options, "SELECT 1") == "1");
  const std::string data = ask(options, "SHOW data_directory");
  stop_local_server(options);
  CHECK(start_local_server(options).running);
  CHECK(ask(options, "SHOW data_directory") == data);
  destroy_local_server(options);
  CHECK_FALSE(fs::exists(data));
}

TEST_CASE("what is run for a server is not struck by Ctrl-C at our terminal", "[server]") {
  const ServerDir directory;
  server::Program program;
  // Field 6 of its stat: the session, whose leader it is.
  program.command = {"/bin/sh", "-c", "set -- $(cat /proc/$$/stat); [ \"$6\" = \"$$\" ]"};
  program.log = directory.path / "log";
  CHECK(server::run_program(program) == 0);
}

TEST_CASE("a server that cannot start shows its log", "[server]") {
  ServerDir dir;
  const LocalServerOptions options = dir.options("a");
  start_local_server(options);
  stop_local_server(options);
  std::ofstream(options.dir / "data" / "postgresql.conf", std::ios::app) << "no_such_setting = 1\n";
  try {
    start_local_server(options);
    FAIL("it started");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::connection);
    CHECK(std::string(error.what()).find("no_such_setting") != std::string::npos);
  }
}

TEST_CASE("an ephemeral server vanishes with its owner, even a killed one", "[server]") {
  ServerDir dir;
  LocalServerOptions options = dir.options("a");
  options.ephemeral = true;
  const pid_t owner = start_in_child(options);
  const int server = local_server_status(options).pid;
  CHECK(alive(server));
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  await_gone(server, options.dir);
  CHECK_FALSE(alive(server));
}

TEST_CASE("what a dead owner left is removed by the next start beside it", "[server]") {
  ServerDir dir;
  LocalServerOptions options = dir.options("a");
  const int server = start_local_server(options).pid;  // no watcher: as if that had been killed too
  std::ofstream(options.dir / "owner") << "1 1\n";
  LocalServerOptions next = dir.options("b");
  next.ephemeral = true;
  const pid_t owner = start_in_child(next);
  CHECK_FALSE(alive(server));
  CHECK_FALSE(fs::exists(options.dir));
  CHECK(local_server_status(next).running);
  kill(owner, SIGTERM);
  waitpid(owner, nullptr, 0);
  await_gone(0, next.dir);
  CHECK_FALSE(fs::exists(next.dir));
}

TEST_CASE("servers of living owners are left alone", "[server]") {
  ServerDir dir;
  LocalServerOptions options = dir.options("a");
  options.ephemeral = true;
  const pid_t owner = start_in_child(options);
  LocalServerOptions next = dir.options("b");
  next.ephemeral = true;
  const pid_t other = start_in_child(next);
  CHECK(local_server_status(options).running);
  for (const pid_t pid : {owner, other}) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  await_gone(0, options.dir);
  await_gone(0, next.dir);
}
