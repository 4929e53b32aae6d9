// From argv to a command and its options. Boost.Program_options does the splitting (prefix guessing
// off); it appears only in arguments.cc. The command word may stand behind options: `pgpm -d shop
// deploy`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.h"

namespace pgpm::cli {

/// What was given, by canonical option name. Options not given are absent.
class Arguments {
 public:
  /// The last value given; "" if none was.
  std::string value(std::string_view name) const;
  std::optional<std::string> given(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
  /// A switch that is off unless given.
  bool is_on(std::string_view name) const;
  /// A switch that is on unless --no-NAME was given.
  bool is_off(std::string_view name) const;

  void add(std::string name, std::string value) {
    given_.emplace_back(std::move(name), std::move(value));
  }
  std::vector<std::string> positionals;

 private:
  std::vector<std::pair<std::string, std::string>> given_;
};

/// Parses words (neither the program's name nor the command's) for a command. Throws Error(usage)
/// for an unknown option (with the nearest one), a missing or unknown value, or the wrong number of
/// positionals.
Arguments parse_arguments(const Command& command, const std::vector<std::string>& words);

/// The command line split: which command, and everything else.
struct CommandLine {
  const Command* command = nullptr;  ///< nullptr: none was named, or only a group
  std::string group;                 ///< "migrate" if only that was said
  std::vector<std::string> words;    ///< the rest, in order
};
/// Throws Error(usage) for an unknown command, naming the nearest.
CommandLine find_command_line(const std::vector<std::string>& words);

/// True if --help (-h) stands among the words as an option.
bool asks_for_help(const std::vector<std::string>& words);

}  // namespace pgpm::cli
