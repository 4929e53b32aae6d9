#include "cli/terminal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

std::size_t columns_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return size.ws_col;
}

Style style_of(int descriptor, bool is_terminal, bool may_colour, ColourChoice choice) {
  Style style;
  style.colour = choice == ColourChoice::always ||
                 (choice == ColourChoice::automatic && is_terminal && may_colour);
  if (is_terminal) style.width = columns_of(descriptor);
  return style;
}

/// Readable as soon as a stop is requested: poll() can wait for input and for a stop at once.
class StopDescriptor {
 public:
  StopDescriptor() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {}
  ~StopDescriptor() { ::close(descriptor_); }
  StopDescriptor(const StopDescriptor&) = delete;
  StopDescriptor& operator=(const StopDescriptor&) = delete;
  int get() const { return descriptor_; }
  void signal() const {
    const eventfd_t one = 1;
    ::eventfd_write(descriptor_, one);
  }

 private:
  int descriptor_;
};

/// As long as it lives, the terminal does not show what is typed.
class SilentInput {
 public:
  SilentInput() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  ~SilentInput() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  SilentInput(const SilentInput&) = delete;
  SilentInput& operator=(const SilentInput&) = delete;

 private:
  termios before_{};
  bool is_terminal_;
};

void wait_for_input(int stop_descriptor) {
  std::array<pollfd, 2> waiting{pollfd{STDIN_FILENO, POLLIN, 0},
                                pollfd{stop_descriptor, POLLIN, 0}};
  while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  if (waiting[1].revents != 0)
    throw Error(ErrorCode::interrupted, "interrupted").leaving("nothing was changed");
}

}  // namespace

Terminal look_at_terminal(const Environment& environment, ColourChoice choice) {
  const bool out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  const bool is_dumb = environment.get("TERM") == "dumb";
  const bool may_colour = !is_dumb && !environment.has("NO_COLOR");
  Terminal terminal;
  terminal.can_ask = err_is_terminal && ::isatty(STDIN_FILENO) == 1;
  terminal.shows_progress = err_is_terminal && !is_dumb;
  terminal.out = style_of(STDOUT_FILENO, out_is_terminal, may_colour, choice);
  terminal.err = style_of(STDERR_FILENO, err_is_terminal, may_colour, choice);
  return terminal;
}

std::optional<std::string> ask(Output& err, const std::string& question, std::stop_token stop) {
  err.write(question);
  const StopDescriptor stopped;
  const std::stop_callback on_stop(stop, [&stopped] { stopped.signal(); });
  std::string line;
  for (;;) {
    wait_for_input(stopped.get());
    char byte = 0;
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      err.write("\n");
      return line.empty() ? std::nullopt : std::optional(line);
    }
    if (byte == '\n') return line;
    if (byte != '\r') line += byte;
  }
}

std::optional<std::string> ask_secret(Output& err, const std::string& question,
                                      std::stop_token stop) {
  const SilentInput silent;
  std::optional<std::string> answer = ask(err, question, std::move(stop));
  if (answer) err.write("\n");  // Enter was not shown, either
  return answer;
}

bool confirm(Output& err, const std::string& question, std::stop_token stop) {
  const std::string answer = ask(err, question + " [y/N] ", stop).value_or("");
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes" || answer == "YES";
}

}  // namespace pgpm::cli
