// bench_watch FILE VIEW TIMES: writes FILE, a declaration of VIEW, again and again, as an editor
// does, and waits each time until the database (PG* variables) has it, asking every millisecond.
// Prints "watch TAB ms that 95 of 100 stay below TAB shortest ms TAB 0". Somebody else watches.
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

std::string value_of(PGconn* connection, const std::string& query) {
  PGresult* result = PQexec(connection, query.c_str());
  std::string value =
      PQresultStatus(result) == PGRES_TUPLES_OK ? PQgetvalue(result, 0, 0) : std::string();
  PQclear(result);
  return value;
}

void save(const std::string& file, const std::string& view, long number) {
  std::ofstream(file + ".draft") << "CREATE VIEW " << view << " AS SELECT " << number << " AS n;\n";
  std::rename((file + ".draft").c_str(), file.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string file = argv[1], view = argv[2], query = "SELECT n FROM " + view;
  PGconn* connection = PQconnectdb("");
  std::vector<double> times;
  for (long i = 1; i <= std::strtol(argv[3], nullptr, 10); ++i) {
    const Clock::time_point begin = Clock::now();
    save(file, view, i);
    while (value_of(connection, query) != std::to_string(i)) {
      if (Clock::now() - begin > std::chrono::seconds(30)) {
        std::fprintf(stderr, "bench_watch: nobody applies %s\n", file.c_str());
        return 1;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    // The next save is another one: longer than the watcher waits for quiet.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  PQfinish(connection);
  std::sort(times.begin(), times.end());
  std::printf("watch\t%.2f\t%.2f\t0\n", times.at((times.size() * 95 - 1) / 100), times.front());
  return 0;
}
