#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

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

/// Signal masks and handlers as they were before we changed them, and where the streams go.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    ::sigemptyset(&none);
    const sigset_t defaults = all_we_changed();
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  void stdout_into(int descriptor) {
    ::posix_spawn_file_actions_adddup2(&actions_, descriptor, STDOUT_FILENO);
  }
  void without_stderr() {
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  /// 0, or why it could not be started.
  int spawn(std::vector<std::string> words, char** environment, pid_t& pid) const {
    return ::posix_spawnp(&pid, words[0].c_str(), &actions_, &attributes_, argv_of(words).data(),
                          environment);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// Starts words with stdout going into `into`; 0 if that failed.
pid_t start(const std::vector<std::string>& words, int into) {
  SpawnAttributes attributes;
  attributes.stdout_into(into);
  attributes.without_stderr();
  pid_t pid = 0;
  return attributes.spawn(words, environ, pid) == 0 ? pid : 0;
}

/// Calls `output` until the other end is closed.
void read_pieces(int descriptor, const std::function<void(std::string_view)>& output) {
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    output({buffer, static_cast<std::size_t>(got)});
  }
}

/// NAME=value of ours, but for those that are given.
std::vector<std::string> environment_with(const Variables& variables) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const bool given = std::any_of(variables.begin(), variables.end(),
                                   [&](const auto& variable) { return variable.first == name; });
    if (!given) entries.emplace_back(text);
  }
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value.reveal());
  return entries;
}

int exit_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

[[noreturn]] void cannot_start(const std::string& program, int error) {
  throw Error(ErrorCode::other,
              fmt::format("cannot start {}: {}", program,
                          std::error_code(error, std::generic_category()).message()));
}

}  // namespace

std::optional<std::string> output_of(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const Descriptor from(ends[0]);
  Descriptor into(ends[1]);
  const pid_t pid = start(words, into.get());
  into.close();
  if (pid == 0) return std::nullopt;
  std::string text;
  read_pieces(from.get(), [&](std::string_view piece) { text += piece; });
  if (exit_of(pid) != 0) return std::nullopt;
  return text;
}

int run_program(const std::vector<std::string>& words, const Variables& variables,
                const std::function<void(std::string_view)>& output) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) cannot_start(words[0], errno);
  Descriptor from(ends[0]), into(ends[1]);
  SpawnAttributes attributes;
  attributes.stdout_into(into.get());
  std::vector<std::string> environment = environment_with(variables);
  pid_t pid = 0;
  const int failed = attributes.spawn(words, argv_of(environment).data(), pid);
  into.close();
  if (failed != 0) cannot_start(words[0], failed);
  try {
    read_pieces(from.get(), output);
  } catch (...) {
    from.close();  // the program notices when it writes
    exit_of(pid);
    throw;
  }
  return exit_of(pid);
}

void become(const std::vector<std::string>& words, const Variables& variables) {
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.reveal().c_str(), 1);
  std::vector<std::string> copy = words;
  ::execvp(copy[0].c_str(), argv_of(copy).data());
  cannot_start(words[0], errno);
}

}  // namespace pgpm::cli
