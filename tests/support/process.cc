// Between fork and exec only async-signal-safe calls are made: everything they need is prepared
// before. The read loop looks for the end of the program as well as for the end of its output,
// because a daemon it started may hold the pipe open for ever.
#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

extern char** environ;

namespace pgpm::tests {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::map<std::string, std::string> merged_environment(const ProcessOptions& options) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const std::size_t equals = text.find('=');
    all[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : options.environment) {
    if (value)
      all[name] = *value;
    else
      all.erase(name);
  }
  return all;
}

std::string find_program(const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) return name;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const fs::path candidate = fs::path(path.substr(at, end - at)) / name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate.string();
    at = end + 1;
  }
  throw std::runtime_error("no program " + name + " in " + path);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// Both ends of the three standard streams; -1 where there is none.
struct Streams {
  std::array<int, 3> child{-1, -1, -1};
  int in = -1, out = -1, err = -1;
};

void make_pipe(int& read_end, int& write_end) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  read_end = ends[0];
  write_end = ends[1];
}

Streams open_pipes(const ProcessOptions& options) {
  Streams streams;
  make_pipe(streams.child[0], streams.in);
  make_pipe(streams.out, streams.child[1]);
  make_pipe(streams.err, streams.child[2]);
  if (options.closed_output) {
    close(streams.out);
    streams.out = -1;
  }
  return streams;
}

Streams open_terminal() {
  Streams streams;
  streams.out = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (streams.out < 0 || grantpt(streams.out) != 0 || unlockpt(streams.out) != 0)
    fail("posix_openpt");
  std::array<char, 128> name{};
  if (ptsname_r(streams.out, name.data(), name.size()) != 0) fail("ptsname");
  const int slave = open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) fail("open terminal");
  winsize size{};
  size.ws_col = 100;
  size.ws_row = 40;
  ioctl(slave, TIOCSWINSZ, &size);
  streams.child = {slave, slave, slave};
  streams.in = fcntl(streams.out, F_DUPFD_CLOEXEC, 3);
  return streams;
}

void close_child_ends(const Streams& streams) {
  close(streams.child[0]);
  if (streams.child[1] != streams.child[0]) close(streams.child[1]);
  if (streams.child[2] != streams.child[1]) close(streams.child[2]);
}

/// The reading end never blocks, so that one poll can serve all streams.
void set_nonblocking(int fd) {
  if (fd >= 0) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void close_stream(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

/// Appends what has arrived; closes the stream at its end (a terminal's end is EIO).
void drain(int& fd, std::string& into) {
  std::array<char, 65536> buffer;
  while (fd >= 0) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      into.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && errno == EAGAIN) {
      return;
    } else {
      close_stream(fd);
    }
  }
}

}  // namespace

Process::Process(const ProcessOptions& options)
    : pending_(options.input), close_when_written_(!options.keep_open) {
  // What a terminal takes for the end of input, so that a question too many is answered and not
  // waited on.
  if (options.terminal && !options.keep_open) pending_ += '\x04';
  const auto variables = merged_environment(options);
  std::vector<std::string> environment, arguments = options.command;
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  const auto path = variables.find("PATH");
  const std::string program =
      find_program(arguments.at(0), path == variables.end() ? "/usr/bin:/bin" : path->second);
  const std::string dir = options.dir.string();
  std::vector<char*> argv = pointers(arguments), envp = pointers(environment);

  const Streams streams = options.terminal ? open_terminal() : open_pipes(options);
  // Typed ahead of everything, so that its echo comes before what the program says, however late
  // this process gets its turn.
  if (options.terminal && !pending_.empty()) {
    const ssize_t typed = write(streams.in, pending_.data(), pending_.size());
    if (typed > 0) pending_.erase(0, static_cast<std::size_t>(typed));
  }
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    setsid();
    if (options.terminal) ioctl(streams.child[0], TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; ++fd) dup2(streams.child[static_cast<std::size_t>(fd)], fd);
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (!dir.empty() && chdir(dir.c_str()) != 0) _exit(126);
    execve(program.c_str(), argv.data(), envp.data());
    _exit(127);
  }
  close_child_ends(streams);
  in_ = streams.in;
  out_ = streams.out;
  err_ = streams.err;
  for (const int fd : {in_, out_, err_}) set_nonblocking(fd);
  signal(SIGPIPE, SIG_IGN);
}

Process::~Process() {
  if (!ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  for (int* fd : {&in_, &out_, &err_}) close_stream(*fd);
}

bool Process::reap() {
  if (ended_) return true;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
  result_.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended_ = true;
  return true;
}

/// Moves bytes once: waits a little for something to happen on any stream.
void Process::pump() {
  if (pending_.empty() && close_when_written_) close_stream(in_);
  std::array<pollfd, 3> fds{
      {{out_, POLLIN, 0}, {err_, POLLIN, 0}, {pending_.empty() ? -1 : in_, POLLOUT, 0}}};
  constexpr int look_again_for_the_end_ms = 10;
  poll(fds.data(), fds.size(), look_again_for_the_end_ms);
  if (fds[2].revents != 0) {
    const ssize_t written = write(in_, pending_.data(), pending_.size());
    if (written > 0) pending_.erase(0, static_cast<std::size_t>(written));
    if (written < 0 && errno != EAGAIN && errno != EINTR) pending_.clear();
  }
  drain(out_, result_.out);
  drain(err_, result_.err);
}

bool Process::wait_for(std::string_view text) {
  const auto said = [&] {
    return result_.out.find(text) != std::string::npos ||
           result_.err.find(text) != std::string::npos;
  };
  while (!said()) {
    const bool over = reap();
    pump();
    if (over) return said();
  }
  return true;
}

void Process::type(std::string_view text) {
  pending_ += text;
}

void Process::send_signal(int signal) {
  if (!ended_) kill(pid_, signal);
}

const ProcessResult& Process::wait() {
  close_when_written_ = true;
  while (!reap()) pump();
  pump();
  return result_;
}

ProcessResult run_process(const ProcessOptions& options) {
  return Process(options).wait();
}

}  // namespace pgpm::tests
