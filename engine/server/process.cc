// fork and exec, done by hand because the server needs another user, another session and none of
// our descriptors. Between fork and exec only what is safe there is called: everything is prepared
// before. The watcher is a shell: it must not keep our memory or our threads' locks alive, and it
// ignores what a terminal sends.
#include "engine/server/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "pgpm/error.h"

extern char** environ;

namespace pgpm::server {

namespace fs = std::filesystem;

namespace {

constexpr int exec_failed = 127;

Error system_error(const char* call) {
  return Error(ErrorCode::other,
               fmt::format("{}: {}", call, std::generic_category().message(errno)));
}

// Fields after the command's name, which is in parentheses and may hold anything: state is the
// first of them.
std::vector<std::string> stat_fields(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid), std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::string> fields;
  std::size_t at = text.rfind(')');
  while (at != std::string::npos && at + 2 < text.size()) {
    const std::size_t end = text.find(' ', at + 2);
    fields.push_back(text.substr(at + 2, end == std::string::npos ? end : end - at - 2));
    at = end == std::string::npos ? end : end - 1;
  }
  return fields;
}

bool keeps(std::string_view variable) {
  if (variable.substr(0, 2) == "PG") return false;
  return variable.substr(0, 3) != "LC_" && variable.substr(0, 5) != "LANG=" &&
         variable.substr(0, 9) != "LANGUAGE=";
}

// Arrays as exec wants them, over strings that stay where they are.
struct ExecArguments {
  std::vector<std::string> command, environment;
  std::vector<char*> argv, envp;

  explicit ExecArguments(std::vector<std::string> words) : command(std::move(words)) {
    for (char** variable = environ; *variable != nullptr; ++variable)
      if (keeps(*variable)) environment.emplace_back(*variable);
    environment.emplace_back("LC_ALL=C");
    for (std::string& word : command) argv.push_back(word.data());
    for (std::string& variable : environment) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
  }
};

void close_descriptors_from(int first) {
  if (close_range(static_cast<unsigned>(first), ~0U, 0) == 0) return;
  const long limit = sysconf(_SC_OPEN_MAX);
  for (int fd = first; fd < limit; ++fd) close(fd);
}

void reset_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2})
    signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool become(const Account& account) {
  if (!account.other) return true;
  return setgroups(1, &account.gid) == 0 && setgid(account.gid) == 0 && setuid(account.uid) == 0;
}

// In the child: descriptors 0, 1, 2 become these, `kept` (if any) 3, and nothing else stays open.
void arrange_descriptors(int input, int output, int kept) {
  const int from[] = {input, output, kept};
  int parked[3] = {-1, -1, -1};
  for (int i = 0; i < 3; ++i)
    if (from[i] >= 0) parked[i] = fcntl(from[i], F_DUPFD, 10);
  dup2(parked[0], 0);
  dup2(parked[1], 1);
  dup2(parked[1], 2);
  if (parked[2] >= 0) dup2(parked[2], 3);
  close_descriptors_from(parked[2] >= 0 ? 4 : 3);
}

[[noreturn]] void become_program(ExecArguments& arguments, const Account& account, int input,
                                 int output, int kept) {
  reset_signals();
  arrange_descriptors(input, output, kept);
  umask(0077);
  if (become(account) && chdir("/") == 0)
    execve(arguments.argv[0], arguments.argv.data(), arguments.envp.data());
  _exit(exec_failed);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {
    if (fd < 0) throw system_error("open");
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

int open_log(const fs::path& log) {
  return open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

int open_null() {
  return open("/dev/null", O_RDWR | O_CLOEXEC);
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("pipe");
  return ends;
}

void reap(pid_t pid, int& status) {
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

// Two forks: the program becomes init's child, so nobody here has to wait for it.
void start_detached(ExecArguments& arguments, const Account& account, int input, int output,
                    int kept) {
  const pid_t child = fork();
  if (child < 0) throw system_error("fork");
  if (child == 0) {
    setsid();
    const pid_t grandchild = fork();
    if (grandchild == 0) become_program(arguments, account, input, output, kept);
    _exit(grandchild < 0 ? 1 : 0);
  }
  int status = 0;
  reap(child, status);
  if (status != 0) throw Error(ErrorCode::other, "fork failed");
}

// Immediate shutdown: the data is thrown away anyway. The pid file's first line is the postmaster's
// pid.
constexpr const char* watch_script = R"sh(
trap '' HUP INT TERM QUIT PIPE
while read -r line; do :; done
pid=
[ -r "$1" ] && read -r pid < "$1"
shift
alive() { read -r number name state rest < "/proc/$pid/stat" && [ "$state" != Z ]; }
if [ -n "$pid" ] && alive; then
  kill -QUIT "$pid"
  tries=0
  while alive && [ "$tries" -lt 500 ]; do sleep 0.02; tries=$((tries + 1)); done
  alive && kill -KILL "$pid"
fi
rm -rf -- "$@"
)sh";

}  // namespace

bool is_running(pid_t pid) {
  if (pid <= 0 || (kill(pid, 0) != 0 && errno == ESRCH)) return false;
  const std::vector<std::string> fields = stat_fields(pid);
  return fields.empty() || (fields.front() != "Z" && fields.front() != "X");
}

std::string start_time(pid_t pid) {
  constexpr std::size_t field = 19;  // starttime is the 22nd of all, state being the 3rd
  const std::vector<std::string> fields = stat_fields(pid);
  return fields.size() > field ? fields[field] : std::string();
}

fs::path working_directory(pid_t pid) {
  std::error_code error;
  return fs::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
}

int run_program(const Program& program) {
  ExecArguments arguments(program.command);
  const Descriptor null(open_null());
  const Descriptor log(open_log(program.log));
  const pid_t child = fork();
  if (child < 0) throw system_error("fork");
  if (child == 0) {
    // Ctrl-C at our terminal is ours to answer: a program that it ends seems to have failed.
    setsid();
    become_program(arguments, program.account, null.get(), log.get(), -1);
  }
  int status = 0;
  reap(child, status);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int start_program(const Program& program) {
  ExecArguments arguments(program.command);
  const Descriptor null(open_null());
  const Descriptor log(open_log(program.log));
  const std::array<int, 2> ends = make_pipe();
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  start_detached(arguments, program.account, null.get(), log.get(), theirs.get());
  return ours.release();
}

void start_watcher(const Watch& watch) {
  std::vector<std::string> command{"/bin/sh", "-c", watch_script, "pgpm-watch",
                                   watch.pid_file.string()};
  for (const fs::path& dir : watch.remove) command.push_back(dir.string());
  ExecArguments arguments(std::move(command));
  const Descriptor null(open_null());
  const std::array<int, 2> ends = make_pipe();
  const Descriptor theirs(ends[0]);
  Descriptor ours(ends[1]);
  start_detached(arguments, Account{}, theirs.get(), null.get(), -1);
  ours.release();  // stays open until this process ends: that is the signal
}

}  // namespace pgpm::server
