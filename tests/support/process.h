// A program run as a user would run it: its own working directory and environment, input, and a
// terminal if wanted. For tests of the command line and for tools they compare with. Nothing in it
// knows what pgpm is.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm::tests {

struct ProcessOptions {
  std::vector<std::string> command;  ///< looked up in the PATH of `environment`, else in ours
  std::filesystem::path dir;         ///< "" = ours
  /// On top of our environment; nullopt removes a variable.
  std::map<std::string, std::optional<std::string>> environment;
  std::string
      input;  ///< for stdin, which is then at its end; in a terminal it is typed, and Ctrl-D
  bool keep_open = false;  ///< stdin stays open after `input`, for Process::type()
  /// stdin, stdout and stderr are one new terminal, 100 columns wide; everything arrives in `out`.
  bool terminal = false;
  bool closed_output = false;  ///< nobody reads stdout: writing to it fails with EPIPE
};

struct ProcessResult {
  int exit_status = 0;  ///< 128 + signal if one ended it, as a shell shows it
  std::string out, err;
};

/// Starts it, waits for its end. Background processes it leaves behind are not waited for.
ProcessResult run_process(const ProcessOptions& options);

/// A program that runs while the test goes on. The destructor kills it if it still runs, and it
/// never outlives us.
class Process {
 public:
  explicit Process(const ProcessOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  /// Reads until stdout or stderr contains `text`; false if the program ended without saying it.
  bool wait_for(std::string_view text);
  void type(std::string_view text);
  void send_signal(int signal);
  /// Waits for its end.
  const ProcessResult& wait();

 private:
  void pump();
  bool reap();

  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  std::string pending_;  ///< of the input, not yet written
  bool close_when_written_ = false;
  bool ended_ = false;
  ProcessResult result_;
};

}  // namespace pgpm::tests
