// Other programs, run by tests: arguments, environment and input in; output, exit status and signal
// out. On a pseudo terminal if asked for, to test what is only done on one. Waits without a time
// limit: CTest has one for everything.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgpm::tests {

enum class Attached { pipes, terminal };

struct Command {
  std::vector<std::string> arguments;  ///< the program first, found on PATH
  /// Beside or instead of this process's own; see clean_environment() for what that is.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> unset;  ///< variables to take away
  std::string directory;           ///< working directory, "" = this process's
  std::string input;               ///< written to it, then closed (a terminal: not closed)
  Attached attached = Attached::pipes;
  unsigned short columns = 80, rows = 24;  ///< of the terminal
};

struct Finished {
  int status = 0;   ///< exit status, -1 if a signal ended it
  int signal = 0;   ///< 0 if it ended by itself
  std::string out;  ///< all there is, on a terminal
  std::string err;
};

/// A program at work. Killed if it still runs when this is destroyed.
class Process {
 public:
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  /// Reads until the output or error output contains the text; false if both ended without it.
  bool wait_for(std::string_view text);
  void send_signal(int number) const;
  void write(std::string_view text);
  /// Closes its input, or types end-of-file on a terminal.
  void close_input();
  /// Stops reading its output, as a pager that quits does.
  void close_output();
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  /// Waits for its end.
  Finished finish();

 private:
  bool pump();

  pid_t pid_ = -1;
  int in_ = -1, out_fd_ = -1, err_fd_ = -1;
  Attached attached_;
  std::string unwritten_, out_, err_;
  bool input_ends_ = false;
};

/// Runs it to its end.
Finished run(const Command& command);

}  // namespace pgpm::tests
