// A program about to be started, and the pipes it writes into: what every way of running other
// programs shares. Signals are for it as they were before we changed them.
#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm::cli {

/// NULL-terminated, as exec wants it; valid as long as the words are.
std::vector<char*> argv_of(std::vector<std::string>& words);

class Spawn {
 public:
  Spawn();
  ~Spawn();
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  /// The program's stream (STDOUT_FILENO, ...) leads into our descriptor.
  void lead(int stream, int descriptor);
  void without_input();
  void without_errors();
  /// 0, or the errno that tells why it could not be started.
  int start(std::vector<std::string> words, char** environment, pid_t& pid) const;

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// Waits for it: its exit status, or 128 + N if signal N ended it.
int exit_of(pid_t pid);

class Pipe {
 public:
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool is_open() const { return ends_[0] >= 0; }
  int writer() const { return ends_[1]; }
  /// Reading ends only when nobody has the writer any more.
  void close_writer() { close(1); }
  void close_reader() { close(0); }
  /// Hands over what comes, until the end.
  void read(const std::function<void(std::string_view)>& output) const;

 private:
  void close(int end);
  int ends_[2] = {-1, -1};
};

}  // namespace pgpm::cli
