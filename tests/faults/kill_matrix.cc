// Kills a deploy and a revert at every boundary between two messages, and shows that one plain
// rerun finishes the work: the same catalog and the same ledger as without the fault.
//
//   kill_matrix [--full] [--seed N] [--part K/N] [--point NAME]
//
// --part 1/2 and --part 2/2 are the points of one seed in two runs, which may go on side by side.
// A point is VERB/FAULT/NUMBER, NUMBER counting the messages of all of the run's sessions in both
// directions. Faults:
//   client         SIGKILL; a message of the client's under way is lost
//   client-after   SIGKILL; it still reaches the server
//   cut            the connection is cut, the message is lost
//   backend        pg_terminate_backend(), up to 3 ms later
//   server         the server stops immediately
// SIGTERM ends it after the point at hand, with the table of what was done.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/catalog.h"
#include "pgpm/local_server.h"
#include "tests/faults/matrix_workspace.h"
#include "tests/faults/proxy.h"
#include "tests/support/process.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {

namespace {

using Clock = std::chrono::steady_clock;

enum class Fault { client, client_after, cut, backend, server };
constexpr std::pair<Fault, const char*> fault_names[] = {{Fault::client, "client"},
                                                         {Fault::client_after, "client-after"},
                                                         {Fault::cut, "cut"},
                                                         {Fault::backend, "backend"},
                                                         {Fault::server, "server"}};

const char* name_of(Fault fault) {
  for (const auto& [value, name] : fault_names)
    if (value == fault) return name;
  return "";
}

struct Point {
  std::string verb;  // deploy | revert
  Fault fault = Fault::client;
  std::size_t number = 0;
};

std::string name_of(const Point& point) {
  return fmt::format("{}/{}/{}", point.verb, name_of(point.fault), point.number);
}

std::optional<unsigned> read_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Point> read_point(const std::string& name) {
  const std::size_t first = name.find('/'), last = name.rfind('/');
  if (first == std::string::npos || first == last) return std::nullopt;
  const std::string verb = name.substr(0, first);
  const std::optional<unsigned> number = read_number(std::string_view(name).substr(last + 1));
  if ((verb != "deploy" && verb != "revert") || !number) return std::nullopt;
  for (const auto& [fault, text] : fault_names)
    if (name.substr(first + 1, last - first - 1) == text) return Point{verb, fault, *number};
  return std::nullopt;
}

/// The throwaway server of this program.
class Server {
 public:
  Server() {
    options_.dir = std::filesystem::path("/dev/shm") / fmt::format("pgpm-test-{}", geteuid()) /
                   fmt::format("matrix-{}", getpid());
    if (access("/dev/shm", W_OK) != 0)
      options_.dir =
          std::filesystem::temp_directory_path() / fmt::format("pgpm-matrix-{}", getpid());
    options_.durable = false;
    options_.ephemeral = true;
    start_local_server(options_);
    target_ = local_server_target(options_);
    target_.database = "postgres";
  }
  Target target(const std::string& database) const {
    Target target = target_;
    target.database = database;
    return target;
  }
  void stop_immediately() const {
    const int pid = local_server_status(options_).pid;
    kill(pid, SIGQUIT);
    while (kill(pid, 0) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  void start() const { start_local_server(options_); }

 private:
  LocalServerOptions options_;
  Target target_;
};

/// What must be the same with and without a fault.
struct Outcome {
  std::string ledger;
  CatalogSnapshot catalog;
};

constexpr const char* ledger_query =
    "SELECT line FROM (SELECT 1 AS part, 0 AS place, 'package ' || package AS line FROM "
    "pgpm_migrate.packages"
    " UNION ALL SELECT 2, row_number() OVER (ORDER BY deploy_order), concat_ws(' ', 'change', "
    "package, change_name,"
    " script_hash, fingerprint, change_id, deployed_by) FROM pgpm_migrate.changes"
    " UNION ALL SELECT 3, 0, concat_ws(' ', 'dependency', change_id, requires) FROM "
    "pgpm_migrate.dependencies"
    " UNION ALL SELECT 4, 0, concat_ws(' ', 'tag', package, tag, change_name) FROM "
    "pgpm_migrate.tags"
    " UNION ALL SELECT 5, 0, concat_ws(' ', 'intent', package, change_name) FROM "
    "pgpm_migrate.intents"
    " UNION ALL SELECT 6, row_number() OVER (ORDER BY event_id), concat_ws(' ', 'event', "
    "event_type, package,"
    " change_name) FROM pgpm_migrate.events WHERE error_code IS NULL) AS lines ORDER BY part, "
    "place, line";

/// Rows that scripts wrote: the catalog does not know them.
constexpr const char* rows_query =
    "SELECT query_to_xml('SELECT * FROM ' || quote_ident(schemaname) || '.' || "
    "quote_ident(tablename) ||"
    " ' ORDER BY 1', false, true, '')::text FROM pg_tables WHERE schemaname IN ('a', 'b', 'c', 'd')"
    " ORDER BY schemaname, tablename";

Outcome outcome_of(const Target& target) {
  db::Connection connection = db::Connection::open(target);
  Outcome outcome;
  for (const char* query : {ledger_query, rows_query}) {
    const db::Result rows = connection.exec(query);
    for (std::size_t row = 0; row < rows.rows(); ++row) outcome.ledger += rows.str(row, 0) + "\n";
  }
  outcome.catalog = take_snapshot(target);
  return outcome;
}

std::string first_difference(const Outcome& wanted, const Outcome& found) {
  const auto differences = difference(wanted.catalog, found.catalog);
  if (!differences.empty()) return describe(differences.front());
  const auto [left, right] = std::mismatch(wanted.ledger.begin(), wanted.ledger.end(),
                                           found.ledger.begin(), found.ledger.end());
  if (left == wanted.ledger.end() && right == found.ledger.end()) return {};
  const auto at = static_cast<std::size_t>(left - wanted.ledger.begin());
  const std::size_t line = at == 0 ? 0 : wanted.ledger.rfind('\n', at - 1) + 1;
  return fmt::format("ledger or rows: \"{}\" became \"{}\"", wanted.ledger.substr(line, 100),
                     found.ledger.substr(std::min(line, found.ledger.size()), 100));
}

struct Tally {
  std::size_t points = 0, missed = 0, manual = 0, differences = 0;
};

class Matrix {
 public:
  explicit Matrix(unsigned seed) : random_(seed), admin_(open("postgres")) {
    write_matrix_workspace(files_, admin_.server_version());
    admin_.exec("CREATE DATABASE empty");
    admin_.exec("CREATE DATABASE full_one");
    require_ok(pgpm("deploy", server_.target("full_one")).wait(), "the undisturbed deploy");
    wanted_["deploy"] = outcome_of(server_.target("full_one"));
    make_database("full_one");
    require_ok(pgpm("revert", server_.target("point")).wait(), "the undisturbed revert");
    wanted_["revert"] = outcome_of(server_.target("point"));
    for (const char* verb : {"deploy", "revert"}) boundaries_[verb] = count_messages(verb);
  }

  std::size_t boundaries(const std::string& verb) const { return boundaries_.at(verb); }

  void run(const Point& point);
  int report() const;

 private:
  db::Connection open(const std::string& database) {
    return db::Connection::open(server_.target(database));
  }

  void make_database(const std::string& from) {
    // WITH (FORCE) is known since PostgreSQL 13.
    admin_.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'point'");
    admin_.exec("DROP DATABASE IF EXISTS point");
    admin_.exec("CREATE DATABASE point TEMPLATE " + from);
  }
  void make_database_for(const std::string& verb) {
    make_database(verb == "deploy" ? "empty" : "full_one");
  }

  Process pgpm(const std::string& verb, const Target& target) {
    ProcessOptions options;
    const char* program = std::getenv("PGPM_TEST_BINARY");
    options.command = {program == nullptr ? "pgpm" : program, verb, "--workspace", "--all"};
    if (verb == "revert") options.command.emplace_back("--yes");
    options.dir = files_.root();
    options.environment = {{"PGHOST", target.host},
                           {"PGPORT", target.port},
                           {"PGUSER", target.user},
                           {"PGDATABASE", target.database}};
    return Process(options);
  }

  static void require_ok(const ProcessResult& result, const std::string& what) {
    if (result.exit_status != 0) throw std::runtime_error(what + " failed: " + result.err);
  }

  std::size_t count_messages(const std::string& verb);
  /// False if the run was over before its point.
  bool disturb(const Point& point);
  void strike(const Point& point, int backend_pid, std::chrono::microseconds pause);
  void await_orphans();
  void judge(const Point& point);

  Server server_;
  TempWorkspace files_;
  std::minstd_rand random_;
  db::Connection admin_;
  std::map<std::string, Outcome> wanted_;
  std::map<std::string, std::size_t> boundaries_;
  std::map<std::pair<std::string, Fault>, Tally> tallies_;
  std::atomic<pid_t> client_ = 0;
  Clock::duration longest_orphan_{0};
};

std::size_t Matrix::count_messages(const std::string& verb) {
  make_database_for(verb);
  std::atomic<std::size_t> seen = 0;
  const Target target = server_.target("point");
  Proxy proxy({target.host, std::stoi(target.port)}, std::chrono::nanoseconds(0),
              [&](const Passing&) {
                ++seen;
                return WireFate::pass;
              });
  const std::jthread passing([&](const std::stop_token& stop) { proxy.run(stop); });
  Target through = target;
  through.host = "127.0.0.1";
  through.port = std::to_string(proxy.port());
  require_ok(pgpm(verb, through).wait(), "the undisturbed " + verb + " through the proxy");
  return seen;
}

void Matrix::strike(const Point& point, int backend_pid, std::chrono::microseconds pause) {
  switch (point.fault) {
    case Fault::client:
    case Fault::client_after:
      while (client_ == 0) std::this_thread::yield();
      kill(client_, SIGKILL);
      break;
    case Fault::cut:
      break;
    case Fault::backend:
      std::this_thread::sleep_for(pause);
      admin_.exec(fmt::format("SELECT pg_terminate_backend({})", backend_pid));
      break;
    case Fault::server:
      std::this_thread::sleep_for(pause);
      server_.stop_immediately();
      break;
  }
}

bool Matrix::disturb(const Point& point) {
  const std::chrono::microseconds pause(std::uniform_int_distribution<int>(0, 3000)(random_));
  const bool from_outside = point.fault == Fault::backend || point.fault == Fault::server;
  std::size_t seen = 0;
  std::atomic<bool> struck = false;
  client_ = 0;
  const Target target = server_.target("point");
  {
    std::jthread striker;
    Proxy proxy({target.host, std::stoi(target.port)}, std::chrono::nanoseconds(0),
                [&](const Passing& passing) {
                  if (struck || seen++ < point.number || (from_outside && passing.backend_pid == 0))
                    return WireFate::pass;
                  struck = true;
                  if (from_outside) {
                    striker = std::jthread([this, &point, pid = passing.backend_pid, pause] {
                      strike(point, pid, pause);
                    });
                    return WireFate::pass;
                  }
                  strike(point, passing.backend_pid, pause);
                  const bool lost =
                      passing.from == From::client && point.fault != Fault::client_after;
                  return lost || point.fault == Fault::cut ? WireFate::cut : WireFate::pass;
                });
    const std::jthread passing([&](const std::stop_token& stop) { proxy.run(stop); });
    Target through = target;
    through.host = "127.0.0.1";
    through.port = std::to_string(proxy.port());
    Process client = pgpm(point.verb, through);
    client_ = client.pid();
    client.wait();
  }
  if (struck && point.fault == Fault::server) {
    server_.start();
    admin_ = open("postgres");
  }
  return struck;
}

/// How long the server goes on without the client.
void Matrix::await_orphans() {
  const auto begin = Clock::now();
  const char* left =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = 'point' AND application_name LIKE "
      "'pgpm %'";
  while (admin_.exec(left).integer(0, 0) > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  longest_orphan_ = std::max(longest_orphan_, Clock::now() - begin);
}

void Matrix::judge(const Point& point) {
  Tally& tally = tallies_[{point.verb, point.fault}];
  const ProcessResult rerun = pgpm(point.verb, server_.target("point")).wait();
  if (rerun.exit_status != 0) {
    ++tally.manual;
    fmt::print("{}: the rerun ended with {}:\n{}\n", name_of(point), rerun.exit_status, rerun.err);
  }
  const std::string found =
      first_difference(wanted_[point.verb], outcome_of(server_.target("point")));
  if (found.empty()) return;
  ++tally.differences;
  fmt::print("{}: {}\n", name_of(point), found);
  std::fflush(stdout);
}

void Matrix::run(const Point& point) {
  Tally& tally = tallies_[{point.verb, point.fault}];
  make_database_for(point.verb);
  // A server that crashes forgets what a copied sequence gave out since the copy, unless there was
  // a checkpoint between them: the copy's log counts on values that were logged for the original
  // only.
  if (point.fault == Fault::server) admin_.exec("CHECKPOINT");
  if (disturb(point))
    ++tally.points;
  else
    ++tally.missed;
  // Every other rerun comes at once, while the server may still be at work for the one before.
  if (point.number % 2 == 0) await_orphans();
  judge(point);
}

int Matrix::report() const {
  Tally all;
  fmt::print("{:<8} {:<14} {:>7} {:>7} {:>7} {:>12}\n", "verb", "fault", "points", "missed",
             "manual", "differences");
  for (const auto& [key, tally] : tallies_) {
    fmt::print("{:<8} {:<14} {:>7} {:>7} {:>7} {:>12}\n", key.first, name_of(key.second),
               tally.points, tally.missed, tally.manual, tally.differences);
    all.manual += tally.manual;
    all.differences += tally.differences;
    all.points += tally.points;
  }
  fmt::print(
      "{} points, {} manual steps, {} differences; the last session of a run was gone after {} ms "
      "at most\n",
      all.points, all.manual, all.differences,
      std::chrono::duration_cast<std::chrono::milliseconds>(longest_orphan_).count());
  return all.points > 0 && all.manual + all.differences == 0 ? 0 : 1;
}

struct Wanted {
  Fault fault;
  std::size_t full, sample;  // points of each verb; 0 = every boundary
};
constexpr Wanted wanted_points[] = {{Fault::client, 0, 12},
                                    {Fault::client_after, 0, 8},
                                    {Fault::cut, 300, 8},
                                    {Fault::backend, 150, 8},
                                    {Fault::server, 30, 3}};

std::vector<Point> choose_points(const Matrix& matrix, bool full, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<Point> points;
  for (const char* verb : {"deploy", "revert"}) {
    const std::size_t boundaries = matrix.boundaries(verb);
    for (const Wanted& wanted : wanted_points) {
      const std::size_t count = full ? wanted.full : wanted.sample;
      std::uniform_int_distribution<std::size_t> any(0, boundaries - 1);
      for (std::size_t i = 0; i < (count == 0 ? boundaries : count); ++i)
        points.push_back({verb, wanted.fault, count == 0 ? i : any(random)});
    }
  }
  // A run that is ended early has seen a bit of everything.
  std::shuffle(points.begin(), points.end(), random);
  return points;
}

std::atomic<bool> ended_early = false;
static_assert(std::atomic<bool>::is_always_lock_free);

struct Options {
  bool full = false;
  unsigned seed = 1;
  std::size_t part = 1, parts = 1;
  std::optional<Point> point;
};

/// "2/3"; false if it is none of them.
bool read_part(std::string_view text, Options& options) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  options.part = read_number(text.substr(0, slash)).value_or(0);
  options.parts = read_number(text.substr(slash + 1)).value_or(0);
  return options.part >= 1 && options.part <= options.parts;
}

/// False if the option has no such value.
bool read_option(std::string_view name, const std::string& value, Options& options) {
  if (name == "--part") return read_part(value, options);
  if (name == "--point") {
    options.point = read_point(value);
    return options.point.has_value();
  }
  const std::optional<unsigned> seed = name == "--seed" ? read_number(value) : std::nullopt;
  options.seed = seed.value_or(options.seed);
  return seed.has_value();
}

bool read_options(const std::vector<std::string>& words, Options& options) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--full")
      options.full = true;
    else if (at + 1 == words.size() || !read_option(words[at], words[at + 1], options))
      return false;
    else
      ++at;
  }
  return true;
}

std::vector<Point> part_of(const std::vector<Point>& points, const Options& options) {
  std::vector<Point> part;
  for (std::size_t i = options.part - 1; i < points.size(); i += options.parts)
    part.push_back(points[i]);
  return part;
}

int run_matrix(const Options& options) {
  clean_environment();
  if (!find_server_binaries()) skip_all("no PostgreSQL server programs are installed");
  Matrix matrix(options.seed);
  fmt::print("seed {}, {} boundaries of a deploy, {} of a revert\n", options.seed,
             matrix.boundaries("deploy"), matrix.boundaries("revert"));
  std::vector<Point> points;
  if (options.point)
    points.push_back(*options.point);
  else
    points = part_of(choose_points(matrix, options.full, options.seed), options);
  signal(SIGTERM, [](int) { ended_early = true; });
  std::size_t done = 0;
  for (const Point& point : points) {
    if (ended_early) break;
    matrix.run(point);
    if (++done % 100 == 0) fmt::print("{} of {}\n", done, points.size());
    std::fflush(stdout);
  }
  return matrix.report();
}

}  // namespace

}  // namespace pgpm::tests

int main(int argc, char** argv) {
  pgpm::tests::Options options;
  if (!pgpm::tests::read_options({argv + 1, argv + argc}, options)) {
    std::fputs("usage: kill_matrix [--full] [--seed N] [--part K/N] [--point VERB/FAULT/NUMBER]\n",
               stderr);
    return 2;
  }
  try {
    return pgpm::tests::run_matrix(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kill_matrix: %s\n", error.what());
    return 1;
  }
}
