// One call of pgpm, as a command's run() gets it: what was asked, and the ways to answer.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/output.h"
#include "cli/render/renderer.h"
#include "cli/terminal.h"

namespace pgpm::cli {

struct Invocation {
  const Command& command;
  const Arguments& arguments;
  const Environment& environment;
  const Terminal& terminal;
  Output& out;        ///< stdout: data; failing to write is an error
  Output& err;        ///< stderr: progress and questions
  Renderer& reports;  ///< --format and every --report
  std::stop_token stop;
  std::filesystem::path dir;  ///< --cwd, else the working directory
  std::string command_line;   ///< as typed, without secrets
};

}  // namespace pgpm::cli
