#include <filesystem>

#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/mcp_server.h"
#include "cli/process.h"
#include "cli/terminal.h"

namespace pgpm::cli {

namespace {

/// Each call is a process of its own: one that ends badly ends alone.
ToolRun run_pgpm(const ToolCall& line) {
  std::vector<std::string> words = line.words;
  words.insert(words.begin(), std::filesystem::read_symlink("/proc/self/exe").native());
  ToolRun run;
  run.exit_status =
      run_program(words, line.variables, [&](std::string_view piece) { run.output += piece; });
  return run;
}

int run_serve(Invocation& invocation) {
  const McpServer server(PGPM_VERSION, run_pgpm);
  StringOutput nowhere;  // nothing is asked: only the line is wanted
  while (const std::optional<std::string> line = ask(nowhere, "", invocation.stop))
    if (const std::optional<std::string> answer = server.answer(*line))
      invocation.out.write(*answer + "\n");
  return 0;
}

}  // namespace

Command serve_command() {
  Command command;
  command.group = "About";
  command.summary = "offer these commands as tools to a language model (MCP)";
  command.description =
      "Speaks the Model Context Protocol on stdin and stdout, one JSON-RPC message a line, until "
      "stdin ends. Tools deploy, verify, revert and test modules, deploy session projects, and "
      "tell the status and the contract. deploy and revert are dry runs unless dryRun is false; "
      "what destroys (revert, session_deploy with overwrite) wants confirmDatabaseName, which "
      "repeats the database's name.";
  command.examples = {
      {"pgpm serve", "as a model's client starts it"},
      {"echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}' | pgpm serve",
       "which tools there are"},
  };
  command.run = run_serve;
  return command;
}

}  // namespace pgpm::cli
