// case_runner FILE...: runs .case files (tests/README.md) against the pgpm found by
// PGPM_TEST_BINARY and a private server. Exit status 0 all as expected, 1 not, 2 the file is wrong,
// 77 skipped (a requirement is not met). With PGPM_UPDATE_GOLDEN=1 expectations that do not hold
// are rewritten in place.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/local_server.h"
#include "tests/support/case_file.h"
#include "tests/support/golden.h"
#include "tests/support/line_match.h"
#include "tests/support/process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;

/// A folder of the case's own: work/ is where commands run, home/ is HOME. Others may look into it,
/// because a server started by root runs as somebody else.
class CaseFolder {
 public:
  CaseFolder() {
    std::string path = (fs::temp_directory_path() / "pgpm-case-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot create " + path);
    root_ = fs::canonical(path);
    fs::permissions(root_, fs::perms(0755));
    fs::create_directories(work());
    fs::create_directories(home());
  }
  ~CaseFolder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;

  fs::path work() const { return root_ / "work"; }
  fs::path home() const { return root_ / "home"; }

 private:
  fs::path root_;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

class CaseRun {
 public:
  explicit CaseRun(fs::path file) : file_(std::move(file)), case_(parse_case(read(file_))) {
    prepare_environment();
    if (case_.database == CaseDatabase::none)
      environment_["PGHOST"] = "/nonexistent";
    else
      connect();
    for (const std::string& requirement : case_.requirements)
      if (const std::string reason = missing(requirement); !reason.empty())
        skip_all(reason.c_str());
  }
  ~CaseRun() { drop_database(); }
  CaseRun(const CaseRun&) = delete;
  CaseRun& operator=(const CaseRun&) = delete;

  bool run() {
    for (const CaseItem& item : case_.items) {
      if (const auto* file = std::get_if<CaseWrite>(&item))
        write(folder_.work() / file->path, file->content);
      if (const auto* setting = std::get_if<CaseEnvironment>(&item))
        environment_[setting->name] = setting->value;
      if (const auto* step = std::get_if<CaseStep>(&item)) run_step(*step);
    }
    if (updates_.empty()) return true;
    if (!updating_goldens()) return false;
    write(file_, rewrite_case(case_, updates_));
    fmt::print("{}: rewritten, {} expectations\n", file_.generic_string(), updates_.size());
    return true;
  }

 private:
  void prepare_environment() {
    clean_environment();
    const char* binary = std::getenv("PGPM_TEST_BINARY");
    if (binary == nullptr) throw std::runtime_error("PGPM_TEST_BINARY names no pgpm to test");
    const char* path = std::getenv("PATH");
    std::string programs = fs::path(binary).parent_path().string();
    if (const auto server = find_server_binaries()) {
      // Links to the programs may stand anywhere; psql is where they lead to.
      const fs::path real = fs::canonical(*server / "postgres").parent_path();
      programs += ":" + real.string();
      has_psql_ = fs::exists(real / "psql");
    }
    environment_["PATH"] = programs + ":" + (path == nullptr ? "/usr/bin:/bin" : path);
    environment_["HOME"] = folder_.home().string();
    environment_["CASE_DIR"] = fs::absolute(file_).parent_path().string();
    environment_["XDG_STATE_HOME"] = (folder_.home() / "state").string();
    environment_["GIT_CONFIG_GLOBAL"] = "/dev/null";
    environment_["PGPM_PLANNER_NAME"] = "Tester";
    environment_["PGPM_PLANNER_EMAIL"] = "tester@example.com";
    environment_["PGPM_FROZEN_TIME"] = "2024-01-15T10:00:00Z";
    environment_["LC_ALL"] = "C.UTF-8";
    environment_["TERM"] = "xterm-256color";
    environment_["PGPM_UPDATE_GOLDEN"] = std::nullopt;
    if (const char* source = std::getenv("PGPM_SOURCE_DIR"))
      replacements_.emplace_back(source, "$SOURCE");
    replacements_.insert(replacements_.end(),
                         {{folder_.work().string(), "$WORK"}, {folder_.home().string(), "$HOME"}});
  }

  void connect() {
    database_ = fmt::format("pgpm_case_{}", getpid());
    db::Connection server = db::Connection::open(test_server());
    // The same name everywhere, whoever runs the tests.
    if (server.exec("SELECT 1 FROM pg_roles WHERE rolname = 'tester'").rows() == 0)
      server.exec("CREATE ROLE tester LOGIN SUPERUSER");
    if (case_.database == CaseDatabase::fresh)
      server.exec(fmt::format("CREATE DATABASE {} OWNER tester TEMPLATE template0", database_));
    environment_["PGHOST"] = server.host();
    environment_["PGPORT"] = server.exec("SHOW port").str(0, 0);
    environment_["PGUSER"] = "tester";
    environment_["PGDATABASE"] = database_;
    replacements_.insert(replacements_.end(),
                         {{database_, "$PGDATABASE"}, {server.host(), "$PGHOST"}});
  }

  void drop_database() {
    if (database_.empty()) return;
    try {
      db::Connection server = db::Connection::open(test_server());
      // WITH (FORCE) is known since PostgreSQL 13.
      server.exec(
          fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
                      database_));
      server.exec(fmt::format("DROP DATABASE IF EXISTS {}", database_));
    } catch (const std::exception& error) {
      fmt::print(stderr, "{} was not dropped: {}\n", database_, error.what());
    }
  }

  /// Why a requirement is not met, "" if it is.
  std::string missing(const std::string& requirement) {
    if (requirement == "root") return geteuid() == 0 ? "" : "needs root";
    if (requirement == "ordinary-user") return geteuid() != 0 ? "" : "needs an ordinary user";
    if (requirement == "psql") return has_psql_ ? "" : "psql is not installed";
    if (requirement == "xmllint" || requirement == "prove" || requirement == "sqitch")
      return shell("command -v " + requirement).exit_status == 0
                 ? ""
                 : requirement + " is not installed";
    if (requirement == "jsonschema")
      return shell("/usr/bin/python3 -c 'import jsonschema'").exit_status == 0
                 ? ""
                 : "python3-jsonschema is not installed";
    if (requirement == "extension-folder") {
      db::Connection server = db::Connection::open(test_server());
      const std::string share =
          server.exec("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'").str(0, 0);
      return access((share + "/extension").c_str(), W_OK) == 0
                 ? ""
                 : "the server's folder of extensions is not ours to write";
    }
    if (requirement == "postgresql-15")
      return db::Connection::open(test_server()).server_version() >= 150000 ? ""
                                                                            : "needs PostgreSQL 15";
    if (requirement == "pg_dump") {
      // One that is older than the server refuses it.
      const std::string version =
          shell("pg_dump --version | sed -E 's/^[^0-9]*([0-9]+).*/\\1/'").out;
      const int server = db::Connection::open(test_server()).server_version() / 10000;
      return std::atoi(version.c_str()) >= server ? "" : "no pg_dump of this server's version";
    }
    if (requirement == "network")
      return shell("npm view @pgpm/verify@0.20.0 version").exit_status == 0
                 ? ""
                 : "no npm registry is in reach";
    const std::string offered =
        fmt::format("SELECT 1 FROM pg_available_extensions WHERE name = '{}'", requirement);
    if (db::Connection::open(test_server()).exec(offered).rows() == 1) return "";
    return requirement == "pgtap" ? "the server has no pgTAP" : "the server has no PostGIS";
  }

  ProcessResult shell(const std::string& command, const CaseStep* step = nullptr) const {
    ProcessOptions options;
    options.command = {"/bin/sh", "-c", command};
    options.dir = folder_.work();
    options.environment = environment_;
    if (step != nullptr) {
      options.terminal = step->terminal;
      options.input = step->input;
    }
    return run_process(options);
  }

  void run_step(const CaseStep& step) {
    const ProcessResult result = shell(step.command, &step);
    const LineComparison comparison(
        step.expected,
        output_lines(normalise(result.out, replacements_), normalise(result.err, replacements_)));
    if (comparison.equal() && result.exit_status == step.exit_status) return;
    updates_.push_back({&step, comparison.updated(), result.exit_status});
    if (updating_goldens()) return;
    fmt::print("{}:{}: $ {}\n{}", file_.generic_string(), step.line, step.command,
               comparison.to_string());
    if (result.exit_status != step.exit_status)
      fmt::print("exit status {}, expected {}\n", result.exit_status, step.exit_status);
    fmt::print("\n");
  }

  fs::path file_;
  CaseFile case_;
  CaseFolder folder_;
  std::map<std::string, std::optional<std::string>> environment_;
  Replacements replacements_;
  std::string database_;  ///< "" until there may be one to drop
  bool has_psql_ = false;
  std::vector<CaseUpdate> updates_;
};

}  // namespace
}  // namespace pgpm::tests

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: case_runner FILE...\n");
    return 2;
  }
  bool passed = true;
  for (int i = 1; i < argc; ++i) {
    try {
      passed = pgpm::tests::CaseRun(argv[i]).run() && passed;
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}: {}\n", argv[i], error.what());
      return 2;
    }
  }
  return passed ? 0 : 1;
}
