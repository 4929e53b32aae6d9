#include "cli/help.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/exit_code.h"

namespace pgpm::cli {

namespace {
constexpr std::size_t name_width = 24, option_width = 26;

std::size_t text_width(const Style& style) {
  return std::clamp<std::size_t>(style.width, 60, 100);
}

/// Two columns; the right one is wrapped and aligned.
std::string entry(const std::string& name, const std::string& text, std::size_t width,
                  const Style& style) {
  const std::string indent(width + 2, ' ');
  std::string wrapped = wrap(text, text_width(style), indent);
  const std::string shown = style.bold(name);
  if (cells(name) + 2 > width) return "  " + shown + "\n" + wrapped + "\n";
  return "  " + shown + std::string(width - cells(name), ' ') +
         wrapped.substr(std::min(indent.size(), wrapped.size())) + "\n";
}

std::string heading(const std::string& text, const Style& style) {
  return "\n" + style.bold(text) + "\n";
}

std::string paragraphs(const std::string& text, const Style& style) {
  std::string shown;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find("\n\n", from), text.size());
    std::string paragraph = text.substr(from, end - from);
    std::replace(paragraph.begin(), paragraph.end(), '\n', ' ');
    shown += "\n" + wrap(paragraph, text_width(style), "") + "\n";
    from = end + 2;
  }
  return shown;
}

std::string option_list(const std::vector<Option>& options, const Style& style) {
  std::string text;
  for (const Option& option : options) {
    std::string description = option.description;
    if (!option.choices.empty())
      description += fmt::format(": {}", fmt::join(option.choices, ", "));
    text += entry(option_heading(option), description, option_width, style);
  }
  return text;
}

std::vector<Option> global_options_of(const Command& command) {
  std::vector<Option> options;
  for (const Option& option : global_options()) {
    const bool is_own = std::any_of(command.options.begin(), command.options.end(),
                                    [&](const Option& own) { return own.name == option.name; });
    if (!is_own) options.push_back(option);
  }
  return options;
}

std::string example_list(const std::vector<Example>& examples, const Style& style) {
  std::string text;
  for (const Example& example : examples)
    text += fmt::format("  {}\n      {}\n", style.cyan(example.line), example.explanation);
  return text;
}
}  // namespace

std::string version_text() {
  return "pgpm " PGPM_VERSION "\n";
}

std::string option_heading(const Option& option) {
  if (option.kind == OptionKind::flag_on) return "--no-" + option.name;
  std::string text = option.letter == 0 ? "" : fmt::format("-{}, ", option.letter);
  text += "--" + option.name;
  if (!option.value.empty()) text += " " + option.value;
  if (!option.no_value.empty()) text += ", --no-" + option.name;
  return text;
}

std::string synopsis(const Command& command) {
  std::string text = "pgpm " + command.name;
  for (const Positional& positional : command.positionals) {
    if (positional.count == Positional::Count::required) text += " " + positional.name;
    if (positional.count == Positional::Count::optional) text += " [" + positional.name + "]";
    if (positional.count == Positional::Count::any) text += " [" + positional.name + "...]";
  }
  return text + " [options]";
}

std::string overview(const Style& style) {
  std::string text = "pgpm deploys, verifies and reverts PostgreSQL changes by plan.\n\n";
  text += style.bold("Usage:") + " pgpm COMMAND [MODULE...] [options]\n";
  std::string group;
  for (const Command& command : command_table()) {
    if (command.group != group) text += heading(command.group, style);
    group = command.group;
    text += entry(command.name, command.summary, name_width, style);
  }
  text += heading("Everywhere", style) + option_list(global_options(), style);
  text +=
      "\n`pgpm help COMMAND` tells about one command, `pgpm help exit-codes` what a status "
      "means.\n";
  return text;
}

std::string command_help(const Command& command, const Style& style) {
  std::string text = fmt::format("{} - {}\n\n{} {}\n", style.bold("pgpm " + command.name),
                                 command.summary, style.bold("Usage:"), synopsis(command));
  if (!command.aliases.empty())
    text += fmt::format("{} pgpm {}\n", style.bold("Also:"), fmt::join(command.aliases, ", pgpm "));
  text += paragraphs(command.description, style);
  if (!command.positionals.empty()) {
    text += heading("Arguments", style);
    for (const Positional& positional : command.positionals)
      text += entry(positional.name, positional.description, option_width, style);
  }
  if (!command.options.empty())
    text += heading("Options", style) + option_list(command.options, style);
  text += heading("Everywhere", style) + option_list(global_options_of(command), style);
  text += heading("Examples", style) + example_list(command.examples, style);
  return text;
}

std::string group_help(const std::string& word, const Style& style) {
  std::string text = fmt::format("{} pgpm {} COMMAND [options]\n\n", style.bold("Usage:"), word);
  for (const Command* command : commands_below(word)) {
    // An alias such as "migrate status" is listed under the word that was asked for.
    std::string name = command->name;
    for (const std::string& alias : command->aliases)
      if (alias.rfind(word + " ", 0) == 0) name = alias;
    text += entry(name, command->summary, name_width, style);
  }
  return text + fmt::format("\n`pgpm help {} COMMAND` tells about one of them.\n", word);
}

std::string exit_codes_help(const Style& style) {
  std::string text = "Exit codes of pgpm. When several apply, the first cause wins.\n\n";
  for (const ExitCode& code : exit_codes())
    text += fmt::format("  {}  {}  {}\n", style.bold(pad_left(std::to_string(code.status), 3)),
                        pad(code.name, 20), code.meaning);
  return text;
}

std::string help_for(const CommandLine& line, const Style& style) {
  if (line.command != nullptr) return command_help(*line.command, style);
  return line.group.empty() ? overview(style) : group_help(line.group, style);
}

}  // namespace pgpm::cli
