// What a command is: data. Parsing, help, man page, completions and the README's table are all made
// from the one list in command_table.cc. Knows nothing of how any of them looks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm::cli {

struct Invocation;

enum class OptionKind {
  flag,         ///< off unless given
  flag_on,      ///< on unless --no-NAME is given; shown as --no-NAME
  value,        ///< the last one given counts
  many_values,  ///< each one given counts
};

struct Option {
  std::string name;  ///< long name without dashes
  char letter = 0;   ///< 0 = none
  OptionKind kind = OptionKind::flag;
  std::string value;  ///< what the value is called in help: "NAME"
  std::string description;
  std::vector<std::string> aliases = {};  ///< further long names, accepted but not advertised
  std::vector<std::string> choices = {};  ///< the only values there are; empty = any
  std::string no_value = {};  ///< what --no-NAME means as a value; "" = there is no such form
};

inline bool takes_value(const Option& option) {
  return option.kind == OptionKind::value || option.kind == OptionKind::many_values;
}

struct Positional {
  std::string name;  ///< "MODULE"
  enum class Count { optional, required, any } count = Count::optional;
  std::string description;
};

struct Example {
  std::string line, explanation;
};

struct Command {
  std::string name;  ///< one or two words: "deploy", "migrate list"; like the aliases, the table's
  std::vector<std::string> aliases;
  std::string group;
  std::string summary;      ///< one line, no full stop
  std::string description;  ///< paragraphs separated by empty lines
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<Example> examples;
  int (*run)(Invocation&) = nullptr;  ///< returns the exit status; throws Error
};

/// Every command, in the order help shows them. Making them all takes a start longer than what else
/// it does: who runs one asks find_command() for it.
const std::vector<Command>& command_table();
/// What every command accepts. A command's own option of the same name wins.
const std::vector<Option>& global_options();
/// Own options, then the global ones that it does not declare itself.
std::vector<Option> options_of(const Command& command);
/// By name or alias; nullptr if there is none. Makes that one alone. From one thread.
const Command* find_command(std::string_view name);
/// Whether there are commands below a first word that is no command itself ("migrate").
bool is_group(std::string_view word);
/// Those commands.
std::vector<const Command*> commands_below(std::string_view word);

}  // namespace pgpm::cli
