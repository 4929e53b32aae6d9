#include "cli/child_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

extern char** environ;

namespace pgpm::cli {

namespace {

/// Where a program's streams lead.
class SpawnPlan {
 public:
  SpawnPlan() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnPlan() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void lead(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, to, from); }
  void without_input() {
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }

  /// 0 if that failed.
  pid_t start(std::vector<std::string> words) const {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, argv[0], &actions_, &attributes, argv.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    return failed == 0 ? pid : 0;
  }

 private:
  posix_spawn_file_actions_t actions_;
};

int wait_for(pid_t pid) {
  if (pid == 0) return 127;
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Pipe {
  Pipe() { opened = ::pipe2(ends, O_CLOEXEC) == 0; }
  ~Pipe() {
    close_writer();
    if (opened) ::close(ends[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_writer() {
    if (opened && writing) ::close(ends[1]);
    writing = false;
  }
  std::string read_all() const {
    std::string text;
    char buffer[4096];
    for (;;) {
      const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }
  int ends[2] = {-1, -1};
  bool opened = false, writing = true;
};

}  // namespace

ProgramOutput run_quietly(const std::vector<std::string>& words) {
  ProgramOutput output;
  Pipe out, err;
  if (!out.opened || !err.opened) return output;
  SpawnPlan plan;
  plan.without_input();
  plan.lead(STDOUT_FILENO, out.ends[1]);
  plan.lead(STDERR_FILENO, err.ends[1]);
  const pid_t pid = plan.start(words);
  out.close_writer();
  err.close_writer();
  // Both at once: a program that fills one pipe must not wait for us to read the other.
  std::thread reader([&] { output.err = err.read_all(); });
  output.out = out.read_all();
  reader.join();
  output.status = wait_for(pid);
  return output;
}

int run_in_terminal(const std::vector<std::string>& words) {
  return wait_for(SpawnPlan().start(words));
}

}  // namespace pgpm::cli
