// bench_resolve WORKSPACE REPETITIONS: changes, median and shortest milliseconds that reading and
// ordering a workspace takes, in one process.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "pgpm/resolve.h"
#include "pgpm/workspace.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<double> times;
  std::size_t changes = 0;
  try {
    for (long i = std::strtol(argv[2], nullptr, 10); i > 0; --i) {
      const auto start = std::chrono::steady_clock::now();
      const pgpm::Workspace workspace = pgpm::load_workspace(argv[1]);
      const pgpm::Resolution resolution = pgpm::resolve(workspace, {});
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      times.push_back(took.count());
      changes = 0;
      for (const pgpm::ResolvedModule& module : resolution.modules)
        changes += module.dependencies.size();
    }
  } catch (const pgpm::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::sort(times.begin(), times.end());
  std::printf("%zu\t%.2f\t%.2f\n", changes, times.at(times.size() / 2), times.front());
  return 0;
}
