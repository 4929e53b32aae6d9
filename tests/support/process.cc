// fork, exec and one poll loop that reads and writes at the same time, so that neither side waits
// for the other. On a terminal the one descriptor is both input and output, and its end shows as an
// error (EIO), not as end-of-file.
#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace pgpm::tests {

namespace {

std::system_error failed(const char* call) {
  return std::system_error(errno, std::generic_category(), call);
}

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw failed("pipe2");
    read = ends[0];
    write = ends[1];
  }
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

[[noreturn]] void become(const Command& command, const std::vector<char*>& arguments) {
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT}) ::signal(number, SIG_DFL);
  for (const std::string& name : command.unset) unsetenv(name.c_str());
  for (const auto& variable : command.environment)
    setenv(variable.first.c_str(), variable.second.c_str(), 1);
  if (command.directory.empty() || chdir(command.directory.c_str()) == 0)
    execvp(arguments[0], arguments.data());
  _exit(127);
}

void close_once(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

// False at the end.
bool read_some(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t got = read(fd, buffer.data(), buffer.size());
  if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

// False if nobody reads it any more.
bool write_some(int fd, std::string& text) {
  const ssize_t sent = ::write(fd, text.data(), text.size());
  if (sent > 0) text.erase(0, static_cast<std::size_t>(sent));
  return sent >= 0 || errno == EINTR || errno == EAGAIN;
}

}  // namespace

Process::Process(const Command& command)
    : attached_(command.attached), unwritten_(command.input), input_ends_(!command.input.empty()) {
  ::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> words = command.arguments;
  const std::vector<char*> arguments = pointers(words);
  if (attached_ == Attached::terminal) {
    input_ends_ = false;
    const winsize size{command.rows, command.columns, 0, 0};
    pid_ = forkpty(&out_fd_, nullptr, nullptr, &size);
    if (pid_ < 0) throw failed("forkpty");
    if (pid_ == 0) become(command, arguments);
    fcntl(out_fd_, F_SETFD, FD_CLOEXEC);
    in_ = dup(out_fd_);
    fcntl(in_, F_SETFD, FD_CLOEXEC);
    return;
  }
  const Pipe in, out, err;
  pid_ = fork();
  if (pid_ < 0) throw failed("fork");
  if (pid_ == 0) {
    dup2(in.read, 0);
    dup2(out.write, 1);
    dup2(err.write, 2);
    become(command, arguments);
  }
  for (const int theirs : {in.read, out.write, err.write}) close(theirs);
  in_ = in.write;
  out_fd_ = out.read;
  err_fd_ = err.read;
  fcntl(in_, F_SETFL, O_NONBLOCK);
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  for (int* fd : {&in_, &out_fd_, &err_fd_}) close_once(*fd);
}

bool Process::pump() {
  if (unwritten_.empty() && input_ends_) close_once(in_);
  if (out_fd_ < 0 && err_fd_ < 0) return false;
  std::array<pollfd, 3> waiting{pollfd{out_fd_, POLLIN, 0}, pollfd{err_fd_, POLLIN, 0},
                                pollfd{unwritten_.empty() ? -1 : in_, POLLOUT, 0}};
  if (poll(waiting.data(), waiting.size(), -1) < 0) {
    if (errno != EINTR) throw failed("poll");
    return true;
  }
  if (waiting[0].revents != 0 && !read_some(out_fd_, out_)) close_once(out_fd_);
  if (waiting[1].revents != 0 && !read_some(err_fd_, err_)) close_once(err_fd_);
  if (waiting[2].revents != 0 && !write_some(in_, unwritten_)) unwritten_.clear();
  return true;
}

bool Process::wait_for(std::string_view text) {
  for (;;) {
    if (out_.find(text) != std::string::npos || err_.find(text) != std::string::npos) return true;
    if (!pump()) return false;
  }
}

void Process::send_signal(int number) const {
  kill(pid_, number);
}

void Process::write(std::string_view text) {
  unwritten_ += text;
}

void Process::close_input() {
  if (attached_ == Attached::terminal)
    unwritten_ += '\x04';
  else
    input_ends_ = true;
}

void Process::close_output() {
  close_once(out_fd_);
}

Finished Process::finish() {
  if (attached_ == Attached::pipes) input_ends_ = true;
  while (pump()) {
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  Finished finished;
  finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  finished.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  finished.out = out_;
  finished.err = err_;
  return finished;
}

Finished run(const Command& command) {
  return Process(command).finish();
}

}  // namespace pgpm::tests
