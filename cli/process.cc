#include "cli/process.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "cli/spawn.h"
#include "pgpm/error.h"

extern char** environ;

namespace pgpm::cli {

namespace {

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

[[noreturn]] void cannot_start(const std::string& program, int error) {
  throw Error(ErrorCode::other,
              fmt::format("cannot start {}: {}", program,
                          std::error_code(error, std::generic_category()).message()));
}

}  // namespace

std::optional<std::string> output_of(const std::vector<std::string>& words) {
  Pipe out;
  if (!out.is_open()) return std::nullopt;
  Spawn spawn;
  spawn.lead(STDOUT_FILENO, out.writer());
  spawn.without_errors();
  pid_t pid = 0;
  const int failed = spawn.start(words, environ, pid);
  out.close_writer();
  if (failed != 0) return std::nullopt;
  std::string text;
  out.read([&](std::string_view piece) { text += piece; });
  if (exit_of(pid) != 0) return std::nullopt;
  return text;
}

int run_program(const std::vector<std::string>& words, const Variables& variables,
                const std::function<void(std::string_view)>& output) {
  Pipe out;
  if (!out.is_open()) cannot_start(words[0], errno);
  Spawn spawn;
  spawn.without_input();
  spawn.lead(STDOUT_FILENO, out.writer());
  std::vector<std::string> environment = environment_with(variables);
  pid_t pid = 0;
  const int failed = spawn.start(words, argv_of(environment).data(), pid);
  out.close_writer();
  if (failed != 0) cannot_start(words[0], failed);
  try {
    out.read(output);
  } catch (...) {
    out.close_reader();  // the program notices when it writes
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
