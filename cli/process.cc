#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "pgpm/error.h"

extern char** environ;

namespace pgpm::cli {

namespace {

std::vector<char*> argv_of(std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return argv;
}

sigset_t all_we_changed() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  return set;
}

/// Where a program's streams lead and where it runs.
class SpawnPlan {
 public:
  SpawnPlan() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnPlan() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void lead(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, to, from); }
  void close_to_nothing(int descriptor, int mode) {
    ::posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", mode, 0);
  }
  void run_in(const std::string& dir) {
    if (!dir.empty()) ::posix_spawn_file_actions_addchdir_np(&actions_, dir.c_str());
  }
  /// 0 if that failed.
  pid_t start(std::vector<std::string> words) const {
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    const sigset_t defaults = all_we_changed();
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, words[0].c_str(), &actions_, &attributes,
                                      argv_of(words).data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    return failed == 0 ? pid : 0;
  }

 private:
  posix_spawn_file_actions_t actions_;
};

/// Starts words with stdout going into `into`; 0 if that failed.
pid_t start(std::vector<std::string> words, int into) {
  SpawnPlan plan;
  plan.lead(STDOUT_FILENO, into);
  plan.close_to_nothing(STDERR_FILENO, O_WRONLY);
  return plan.start(std::move(words));
}

int wait_for(pid_t pid) {
  if (pid == 0) return 127;
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

std::optional<std::string> output_of(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t pid = start(words, ends[1]);
  ::close(ends[1]);
  const std::string text = pid == 0 ? "" : read_all(ends[0]);
  ::close(ends[0]);
  if (wait_for(pid) != 0) return std::nullopt;
  return text;
}

int run_program(const std::vector<std::string>& words) {
  return wait_for(SpawnPlan().start(words));
}

ProgramOutput run_quietly(const std::vector<std::string>& words, const std::string& dir) {
  ProgramOutput output;
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0) return output;
  if (::pipe2(err, O_CLOEXEC) != 0) {
    ::close(out[0]);
    ::close(out[1]);
    return output;
  }
  SpawnPlan plan;
  plan.close_to_nothing(STDIN_FILENO, O_RDONLY);
  plan.lead(STDOUT_FILENO, out[1]);
  plan.lead(STDERR_FILENO, err[1]);
  plan.run_in(dir);
  const pid_t pid = plan.start(words);
  ::close(out[1]);
  ::close(err[1]);
  // Both at once: a program that fills one pipe must not wait for us to read the other.
  std::thread reader([&] { output.err = read_all(err[0]); });
  output.out = read_all(out[0]);
  reader.join();
  ::close(out[0]);
  ::close(err[0]);
  output.status = wait_for(pid);
  return output;
}

void become(const std::vector<std::string>& words) {
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  std::vector<std::string> copy = words;
  ::execvp(copy[0].c_str(), argv_of(copy).data());
  throw Error(ErrorCode::other,
              fmt::format("cannot start {}: {}", words[0],
                          std::error_code(errno, std::generic_category()).message()));
}

}  // namespace pgpm::cli
