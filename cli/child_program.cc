#include "cli/child_program.h"

#include <unistd.h>

#include <thread>

#include "cli/spawn.h"

extern char** environ;

namespace pgpm::cli {

ProgramOutput run_quietly(const std::vector<std::string>& words) {
  ProgramOutput output;
  Pipe out, err;
  if (!out.is_open() || !err.is_open()) return output;
  Spawn spawn;
  spawn.without_input();
  spawn.lead(STDOUT_FILENO, out.writer());
  spawn.lead(STDERR_FILENO, err.writer());
  pid_t pid = 0;
  const int failed = spawn.start(words, environ, pid);
  out.close_writer();
  err.close_writer();
  if (failed != 0) return output;
  // Both at once: a program that fills one pipe must not wait for us to read the other.
  std::thread reader([&] { err.read([&](std::string_view piece) { output.err += piece; }); });
  out.read([&](std::string_view piece) { output.out += piece; });
  reader.join();
  output.status = exit_of(pid);
  return output;
}

int run_in_terminal(const std::vector<std::string>& words) {
  pid_t pid = 0;
  return Spawn().start(words, environ, pid) == 0 ? exit_of(pid) : ProgramOutput().status;
}

}  // namespace pgpm::cli
