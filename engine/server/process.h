// Processes of a private server: who is alive, and how the server and its initdb are started as the
// right user, cut off from our terminal, our file descriptors and our PG* environment.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/server/layout.h"

namespace pgpm::server {

/// Alive, and not just waiting for its parent to notice that it ended.
bool is_running(pid_t pid);
/// Clock ticks since boot when the process started: tells it from a later one with the same pid. ""
/// if unknown.
std::string start_time(pid_t pid);
/// The folder a process works in; a postmaster's is its data directory. "" if it cannot be known.
std::filesystem::path working_directory(pid_t pid);

struct Program {
  std::vector<std::string> command;  ///< absolute path first
  std::filesystem::path log;         ///< stdout and stderr are appended here
  Account account;
};

/// Runs it to its end; the exit status as a shell would show it.
int run_program(const Program& program);

/// The pid file names the process of a server; a watcher outlives us and cleans up after us.
struct Watch {
  std::filesystem::path pid_file;
  std::vector<std::filesystem::path> remove;  ///< directories
};

/// Starts it in a session of its own, as nobody's child. The returned descriptor reads end-of-file
/// when the program and everything it started have ended; the caller closes it.
int start_program(const Program& program);
/// Starts a watcher that, when this process ends (however), stops the server at once and removes
/// the directories.
void start_watcher(const Watch& watch);

}  // namespace pgpm::server
