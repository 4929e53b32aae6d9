// bench_time REPETITIONS <CASES: runs commands side by side, all of them once, then all of them
// again, so that a busy moment of the machine meets each of them. A case is a line "name TAB what
// to do before (by sh) TAB command"; the command is started without a shell, words split at blanks.
// Prints "name TAB median ms TAB shortest ms TAB peak memory in kB TAB every time in its order":
// the n-th times of two cases were measured right after each other.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Case {
  std::string name, before;
  std::vector<std::string> command;
  std::vector<double> times;
  long peak_kb = 0;
};

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  for (std::string line; std::getline(std::cin, line);) {
    Case one;
    std::istringstream fields(line);
    std::string command;
    std::getline(fields, one.name, '\t');
    std::getline(fields, one.before, '\t');
    std::getline(fields, command);
    std::istringstream words(command);
    for (std::string word; words >> word;) one.command.push_back(word);
    if (one.command.empty()) throw std::runtime_error("no command in: " + line);
    cases.push_back(one);
  }
  return cases;
}

pid_t start(std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int null = open("/dev/null", O_RDWR);
  dup2(null, 0);
  dup2(null, 1);
  if (std::getenv("BENCH_VERBOSE") == nullptr) dup2(null, 2);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

void run_once(Case& one) {
  if (!one.before.empty() && std::system(one.before.c_str()) != 0)
    throw std::runtime_error(one.name + ": could not prepare: " + one.before);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = start(one.command);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  if (status != 0)
    throw std::runtime_error(one.name +
                             ": failed (BENCH_VERBOSE=1 shows what it says): " + one.command[0]);
  one.times.push_back(took.count());
  one.peak_kb = std::max(one.peak_kb, usage.ru_maxrss);
}

void print(const Case& one) {
  std::vector<double> sorted = one.times;
  std::sort(sorted.begin(), sorted.end());
  std::printf("%s\t%.2f\t%.2f\t%ld\t", one.name.c_str(), sorted.at(sorted.size() / 2),
              sorted.front(), one.peak_kb);
  for (const double time : one.times) std::printf("%.2f ", time);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    std::vector<Case> cases = read_cases();
    for (long i = std::strtol(argv[1], nullptr, 10); i > 0; --i)
      for (Case& one : cases) run_once(one);
    for (const Case& one : cases) print(one);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_time: %s\n", error.what());
    return 1;
  }
}
