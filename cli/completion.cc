// Each script holds three tables: commands, options of each command, and the values of options that
// have a fixed set. zsh reuses bash's through bashcompinit, which every zsh has.
#include "cli/completion.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/command.h"

namespace pgpm::cli {

namespace {

/// All spellings that help shows.
std::vector<std::string> spellings(const Option& option) {
  std::vector<std::string> words;
  if (option.kind != OptionKind::flag_on) words.push_back("--" + option.name);
  if (option.kind == OptionKind::flag_on || !option.no_value.empty())
    words.push_back("--no-" + option.name);
  if (option.letter != 0) words.push_back(fmt::format("-{}", option.letter));
  return words;
}

std::vector<std::string> names(const Command& command) {
  std::vector<std::string> all = command.aliases;
  all.push_back(command.name);
  return all;
}

/// First words, and below a first word its second words.
std::map<std::string, std::set<std::string>> command_words() {
  std::map<std::string, std::set<std::string>> words;
  for (const Command& command : command_table())
    for (const std::string& name : names(command)) {
      const std::size_t blank = name.find(' ');
      auto& below = words[name.substr(0, blank)];
      if (blank != std::string::npos) below.insert(name.substr(blank + 1));
    }
  return words;
}

std::vector<std::string> option_words(const Command& command) {
  std::vector<std::string> words;
  for (const Option& option : options_of(command))
    for (const std::string& word : spellings(option)) words.push_back(word);
  return words;
}

bool has_modules(const Command& command) {
  return !command.positionals.empty() && command.positionals.front().name == "MODULE";
}

std::string bash_cases() {
  std::string cases;
  for (const Command& command : command_table()) {
    std::string patterns;
    for (const std::string& name : names(command))
      patterns += fmt::format("{}'{}'", patterns.empty() ? "" : "|", name);
    cases += fmt::format("    {}) options='{}'; modules={} ;;\n", patterns,
                         fmt::join(option_words(command), " "), has_modules(command) ? 1 : 0);
  }
  return cases;
}

/// Options with a fixed set of values, or naming a directory or module: what follows them.
std::string bash_values() {
  std::map<std::string, std::set<std::string>> values;
  std::set<std::string> opaque;
  const auto collect = [&](const std::vector<Option>& options) {
    for (const Option& option : options) {
      if (!takes_value(option)) continue;
      for (const std::string& word : spellings(option)) {
        if (word.rfind("--no-", 0) == 0) continue;
        if (option.choices.empty())
          opaque.insert(word);
        else
          values[word].insert(option.choices.begin(), option.choices.end());
      }
    }
  };
  collect(global_options());
  for (const Command& command : command_table()) collect(command.options);
  std::string cases;
  for (const auto& [word, set] : values)
    cases += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;;\n",
                         word, fmt::join(set, " "));
  opaque.erase("--cwd");
  opaque.erase("--package");
  cases += "    --cwd) COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n";
  cases +=
      "    --package) COMPREPLY=($(compgen -W \"$(pgpm completion --modules 2>/dev/null)\" -- "
      "\"$current\")); return ;;\n";
  cases += fmt::format("    {}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n",
                       fmt::join(opaque, "|"));
  return cases;
}

std::string bash_function() {
  std::string first, below;
  for (const auto& [word, set] : command_words()) {
    first += (first.empty() ? "" : " ") + word;
    if (!set.empty()) below += fmt::format("    '{}') second='{}' ;;\n", word, fmt::join(set, " "));
  }
  return fmt::format(R"SH(_pgpm() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  local command='' second='' options='' modules=0 i
  case "$previous" in
{}  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${{COMP_WORDS[i]}}" in
    -*) ;;
    *) if [ -z "$command" ]; then command="${{COMP_WORDS[i]}}"; else command="$command ${{COMP_WORDS[i]}}"; break; fi ;;
    esac
  done
  if [ -z "$command" ]; then COMPREPLY=($(compgen -W '{} --help --version' -- "$current")); return; fi
  case "$command" in
{}  esac
  if [ -n "$second" ]; then COMPREPLY=($(compgen -W "$second" -- "$current")); return; fi
  for i in "$command" "${{command%% *}}"; do
    case "$i" in
{}    esac
    [ -n "$options" ] && break
  done
  case "$current" in
  -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
  *) if [ "$modules" = 1 ]; then COMPREPLY=($(compgen -W "$(pgpm completion --modules 2>/dev/null)" -- "$current")); fi ;;
  esac
}}
)SH",
                     bash_values(), first, below, bash_cases());
}

std::string fish_quote(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string fish_condition(const std::string& name) {
  const std::size_t blank = name.find(' ');
  if (blank == std::string::npos) return fmt::format("__fish_seen_subcommand_from {}", name);
  return fmt::format("__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}",
                     name.substr(0, blank), name.substr(blank + 1));
}

std::string fish_option(const std::string& condition, const Option& option) {
  const bool is_on = option.kind == OptionKind::flag_on;
  std::string line =
      fmt::format("complete -c pgpm {}-l {}{}", condition, is_on ? "no-" : "", option.name);
  if (option.letter != 0) line += fmt::format(" -s {}", option.letter);
  if (takes_value(option)) line += " -x";
  if (!option.choices.empty())
    line += " -a " + fish_quote(fmt::format("{}", fmt::join(option.choices, " ")));
  if (option.name == "cwd") line += " -a '(__fish_complete_directories)'";
  return line + " -d " + fish_quote(option.description) + "\n";
}

std::string fish_command(const Command& command, const std::string& name) {
  const std::size_t blank = name.find(' ');
  const std::string word = blank == std::string::npos ? name : name.substr(blank + 1);
  const std::string when =
      blank == std::string::npos
          ? std::string("__fish_use_subcommand")
          : fmt::format("__fish_seen_subcommand_from {}", name.substr(0, blank));
  std::string text = fmt::format("complete -c pgpm -n {} -a {} -d {}\n", fish_quote(when), word,
                                 fish_quote(command.summary));
  const std::string condition = "-n " + fish_quote(fish_condition(name)) + " ";
  for (const Option& option : command.options) text += fish_option(condition, option);
  if (has_modules(command))
    text +=
        fmt::format("complete -c pgpm {}-a '(pgpm completion --modules 2>/dev/null)'\n", condition);
  return text;
}

}  // namespace

std::string bash_completion() {
  return "# pgpm completion for bash: eval \"$(pgpm completion bash)\"\n" + bash_function() +
         "complete -F _pgpm pgpm\n";
}

std::string zsh_completion() {
  return "#compdef pgpm\n# pgpm completion for zsh: eval \"$(pgpm completion zsh)\"\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_function() + "complete -F _pgpm pgpm\n";
}

std::string fish_completion() {
  std::string text =
      "# pgpm completion for fish: pgpm completion fish | source\ncomplete -c pgpm -f\n";
  std::set<std::string> groups;
  for (const Option& option : global_options()) text += fish_option("", option);
  for (const Command& command : command_table())
    for (const std::string& name : names(command)) {
      const std::size_t blank = name.find(' ');
      if (blank != std::string::npos && groups.insert(name.substr(0, blank)).second)
        text +=
            fmt::format("complete -c pgpm -n __fish_use_subcommand -a {} -d {}\n",
                        name.substr(0, blank), fish_quote("commands of " + name.substr(0, blank)));
      text += fish_command(command, name);
    }
  return text;
}

}  // namespace pgpm::cli
