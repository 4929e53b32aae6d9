// The tools that `pgpm serve` offers: each is a command of pgpm with some of its options, and what
// it destroys has to be confirmed by an argument. Data and pure functions; runs nothing.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/process.h"

namespace pgpm::cli {

struct ToolArgument {
  std::string name;  ///< "database"
  enum class Kind { text, flag, list, map } kind = Kind::text;
  std::string description;
  std::string option;  ///< "--database"; "" = a positional; of a map: its variable
};

struct Tool {
  std::string name, description;
  std::vector<std::string> words;  ///< of the command
  std::vector<ToolArgument> arguments;
  std::vector<std::string> required;
  /// When `confirmDatabaseName` has to repeat `database`.
  enum class Confirmation {
    never,
    unless_dry_run,
    with_overwrite,
  } confirmation = Confirmation::never;
  /// A dry run unless "dryRun": false says otherwise.
  bool is_dry_by_default = false;
};

/// By name.
const std::vector<Tool>& tools();
/// As tools/list describes it.
nlohmann::ordered_json describe(const Tool& tool);
/// What a call means: the words of the command line, without the program, and variables for what
/// may be secret, since every process list shows words.
struct ToolCall {
  std::vector<std::string> words;
  Variables variables;
};
/// Throws Error(usage) for unknown, missing and wrong arguments, Error(approval) if it is not
/// confirmed.
ToolCall command_line_of(const Tool& tool, const nlohmann::ordered_json& arguments);

}  // namespace pgpm::cli
