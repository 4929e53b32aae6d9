// The Model Context Protocol, as lines of JSON-RPC 2.0: one message in, at most one out. Knows
// neither streams nor processes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/mcp_tools.h"

namespace pgpm::cli {

/// What a command said on stdout, and its exit status.
struct ToolRun {
  int exit_status = 0;
  std::string output;
};
using RunTool = std::function<ToolRun(const ToolCall& line)>;

class McpServer {
 public:
  McpServer(std::string version, RunTool run)
      : version_(std::move(version)), run_(std::move(run)) {}

  /// The answer, one line without its end; nullopt for notifications and blank lines. Whatever the
  /// line is, it throws nothing but what `run` does.
  std::optional<std::string> answer(std::string_view line) const;

 private:
  std::string version_;
  RunTool run_;
};

}  // namespace pgpm::cli
