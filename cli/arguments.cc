// Options are declared once, as data; here they become Boost option descriptions and what Boost
// finds is translated back to canonical names, keeping the order, so that of `--verify --no-verify`
// the last one counts.
#include "cli/arguments.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <boost/program_options.hpp>

#include "cli/suggest.h"
#include "pgpm/error.h"

namespace po = boost::program_options;

namespace pgpm::cli {

namespace {

/// What a spelling on the command line stands for.
struct Spelling {
  const Option* option;
  enum class Form { plain, negated } form;
};

using Spellings = std::map<std::string, Spelling, std::less<>>;

Spellings spellings_of(const std::vector<Option>& options) {
  Spellings found;
  for (const Option& option : options) {
    std::vector<std::string> names = option.aliases;
    names.push_back(option.name);
    for (const std::string& name : names) {
      found.insert({name, Spelling{&option, Spelling::Form::plain}});
      if (!takes_value(option) || !option.no_value.empty())
        found.insert({"no-" + name, Spelling{&option, Spelling::Form::negated}});
    }
  }
  return found;
}

po::options_description describe(const Spellings& spellings) {
  po::options_description described;
  for (const auto& [name, spelling] : spellings) {
    const Option& option = *spelling.option;
    const bool is_plain = spelling.form == Spelling::Form::plain;
    std::string declared = name;
    if (is_plain && name == option.name && option.letter != 0)
      declared += fmt::format(",{}", option.letter);
    if (is_plain && takes_value(option))
      described.add_options()(declared.c_str(), po::value<std::string>());
    else
      described.add_options()(declared.c_str(), "");
  }
  return described;
}

std::vector<std::string> names_of(const Spellings& spellings) {
  std::vector<std::string> names;
  for (const auto& [name, spelling] : spellings) names.push_back(name);
  return names;
}

Error usage(const std::string& message, const Command& command) {
  Error error(ErrorCode::usage, message);
  error.hint(fmt::format("`pgpm help {}` shows what it accepts.", command.name));
  return error;
}

void check_choice(const Command& command, const Option& option, const std::string& value) {
  // --report names a format and a file; only the format is a choice.
  const std::string word = option.name == "report" ? value.substr(0, value.find('=')) : value;
  if (option.choices.empty() || std::count(option.choices.begin(), option.choices.end(), word) > 0)
    return;
  throw usage(fmt::format("--{} does not know \"{}\"{} (there are: {})", option.name, word,
                          did_you_mean(word, option.choices), fmt::join(option.choices, ", ")),
              command);
}

void check_positionals(const Command& command, const std::vector<std::string>& given) {
  std::size_t least = 0, most = 0;
  for (const Positional& positional : command.positionals) {
    if (positional.count == Positional::Count::required) ++least;
    most = positional.count == Positional::Count::any ? std::string::npos : most + 1;
    if (most == std::string::npos) break;
  }
  if (given.size() < least)
    throw usage(
        fmt::format("`pgpm {}` needs a {}", command.name, command.positionals[given.size()].name),
        command);
  if (given.size() > most)
    throw usage(
        fmt::format("`pgpm {}` does not know what to do with \"{}\"", command.name, given[most]),
        command);
}

std::string bare(const std::string& word) {
  const std::size_t from = word.find_first_not_of('-');
  return from == std::string::npos ? "" : word.substr(from, word.find('=') - from);
}

/// What writes the token that pgmi's options for clouds fetch by themselves; "" for other options.
std::string cloud_token_command(const std::string& name) {
  if (name.starts_with("azure"))
    return "az account get-access-token --resource-type oss-rdbms --query accessToken -o tsv";
  if (name.starts_with("aws"))
    return "aws rds generate-db-auth-token --hostname HOST --port 5432 --username USER";
  if (name.starts_with("google")) return "gcloud sql generate-login-token";
  return "";
}

Error unknown_option(const Command& command, const std::string& word, const Spellings& spellings) {
  const std::string name = bare(word);
  // Never a hint to type a password where every process list shows it.
  if (name == "password" || name == "pass" || word == "-W") {
    const bool sets_one = spellings.count("password-file") > 0;
    return Error(ErrorCode::usage,
                 "there is no password option: a command line is no place for a secret")
        .hint(sets_one
                  ? "Every user of the machine can read it there. Leave it out to be asked on a "
                    "terminal, or use --password-file FILE or the variable PGPM_USER_PASSWORD."
                  : "Use ~/.pgpass (or PGPASSFILE), a service file (PGSERVICE), or PGPASSWORD.");
  }
  const std::string token = cloud_token_command(name);
  if (!token.empty() && spellings.count("password-command") > 0)
    return Error(
               ErrorCode::usage,
               fmt::format("`pgpm {}` has no option --{}: the cloud's own program writes the token",
                           command.name, name))
        .hint(fmt::format("Say --password-command '{}'.", token));
  const std::string dashes = word.rfind("--", 0) == 0 ? "--" : "-";
  const std::string suggestion =
      name.size() > 1 ? did_you_mean(name, names_of(spellings), "--") : std::string();
  return usage(
      fmt::format("`pgpm {}` has no option {}{}{}", command.name, dashes, name, suggestion),
      command);
}

Error wrong_syntax(const Command& command, const std::string& word, const Spellings& spellings) {
  const std::string name = bare(word);
  for (const auto& [spelled, spelling] : spellings) {
    const Option& option = *spelling.option;
    if (spelled != name && (option.letter == 0 || name != std::string(1, option.letter))) continue;
    if (!takes_value(option)) return usage(fmt::format("--{} takes no value", spelled), command);
    const std::string choices =
        option.choices.empty() ? "" : fmt::format(" ({})", fmt::join(option.choices, ", "));
    return usage(fmt::format("--{} needs a value: {}{}", option.name, option.value, choices),
                 command);
  }
  return usage("this is no option: " + word, command);
}

/// A word of its own that is spelled like one of the options: then the value in front of it was
/// forgotten. Whoever means the word itself writes --name=--word.
bool is_option(const std::string& word, const Spellings& spellings) {
  if (word.size() < 2 || word[0] != '-') return false;
  if (word[1] == '-') return spellings.count(bare(word)) > 0;
  return word.size() == 2 &&
         std::any_of(spellings.begin(), spellings.end(),
                     [&](const auto& known) { return known.second.option->letter == word[1]; });
}

void take(const Command& command, const po::option& found, const Spellings& spellings,
          Arguments& into) {
  if (found.string_key.empty()) {
    into.positionals.insert(into.positionals.end(), found.value.begin(), found.value.end());
    return;
  }
  // A short option comes back under its long name or, from some Boost versions, as "-x".
  const auto at = spellings.find(found.string_key);
  if (at == spellings.end()) throw usage("unknown option " + found.string_key, command);
  const Option& option = *at->second.option;
  if (at->second.form == Spelling::Form::negated) {
    into.add(option.name, takes_value(option) ? option.no_value : "off");
  } else if (takes_value(option)) {
    const std::string value = found.value.empty() ? "" : found.value.front();
    if (found.original_tokens.size() == 2 && is_option(value, spellings))
      throw wrong_syntax(command, option.name, spellings);
    check_choice(command, option, value);
    into.add(option.name, value);
  } else {
    into.add(option.name, "on");
  }
}

}  // namespace

std::optional<std::string> Arguments::given(std::string_view name) const {
  for (auto at = given_.rbegin(); at != given_.rend(); ++at)
    if (at->first == name) return at->second;
  return std::nullopt;
}

std::string Arguments::value(std::string_view name) const {
  return given(name).value_or("");
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [key, value] : given_)
    if (key == name) found.push_back(value);
  return found;
}

bool Arguments::is_on(std::string_view name) const {
  return given(name) == "on";
}
bool Arguments::is_off(std::string_view name) const {
  return given(name) == "off";
}

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
  const std::vector<Option> options = options_of(command);
  const Spellings spellings = spellings_of(options);
  const po::options_description described = describe(spellings);
  using namespace po::command_line_style;
  const int style = allow_long | long_allow_adjacent | long_allow_next | allow_short |
                    allow_dash_for_short | short_allow_adjacent | short_allow_next | allow_sticky;
  Arguments found;
  try {
    const po::parsed_options parsed =
        po::command_line_parser(words).options(described).style(style).run();
    for (const po::option& option : parsed.options) take(command, option, spellings, found);
  } catch (const po::unknown_option& e) {
    throw unknown_option(command, e.get_option_name(), spellings);
  } catch (const po::error_with_option_name& e) {
    throw wrong_syntax(command, e.get_option_name(), spellings);
  }
  check_positionals(command, found.positionals);
  return found;
}

namespace {

/// Whether a word is an option whose value is the next word. Before the command is known, any
/// command's option of that name will do: a name means the same everywhere.
bool swallows_next(const std::string& word) {
  if (word.size() < 2 || word[0] != '-' || word.find('=') != std::string::npos) return false;
  const std::string name = bare(word);
  // No option at all, but what stands behind it must not be taken for a command and shown.
  if (word == "--password") return true;
  const auto is_meant = [&](const Option& option) {
    if (!takes_value(option)) return false;
    if (word[1] != '-') return name.size() == 1 && name[0] == option.letter;
    return option.name == name ||
           std::count(option.aliases.begin(), option.aliases.end(), name) > 0;
  };
  const auto has_it = [&](const std::vector<Option>& options) {
    return std::any_of(options.begin(), options.end(), is_meant);
  };
  return has_it(global_options()) ||
         std::any_of(command_table().begin(), command_table().end(),
                     [&](const Command& command) { return has_it(command.options); });
}

/// Position of the first word from there on that is neither an option nor an option's value.
std::optional<std::size_t> plain_word(const std::vector<std::string>& words, std::size_t from) {
  for (std::size_t i = from; i < words.size() && words[i] != "--"; ++i) {
    if (swallows_next(words[i]))
      ++i;
    else if (words[i].empty() || words[i][0] != '-')
      return i;
  }
  return std::nullopt;
}

std::vector<std::string> without(std::vector<std::string> words,
                                 std::vector<std::size_t> positions) {
  std::sort(positions.rbegin(), positions.rend());
  for (const std::size_t position : positions)
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(position));
  return words;
}

/// First words ("migrate") or, below one, second words.
std::vector<std::string> known_words(std::string_view below) {
  std::vector<std::string> known;
  for (const Command& command : command_table()) {
    std::vector<std::string> names = command.aliases;
    names.push_back(command.name);
    for (const std::string& name : names) {
      const std::size_t blank = name.find(' ');
      if (below.empty())
        known.push_back(name.substr(0, blank));
      else if (blank != std::string::npos && name.substr(0, blank) == below)
        known.push_back(name.substr(blank + 1));
    }
  }
  return known;
}

/// Upstream's commands that are not here, and what to do instead.
const char* instead_of(std::string_view command) {
  struct Absent {
    std::string_view name;
    const char* instead;
  };
  constexpr Absent absent[] = {
      {"export",
       "It reads the metadata of upstream's platform, which is not known here; `pgpm dump` and "
       "`pgpm import` make a module of any database."},
      {"transform", "`pgpm import` cuts SQL into changes in several ways."},
      {"slice", "`pgpm import --partition` makes several modules."},
      {"materialize", "Apply proxies belong to upstream's platform."},
      {"cache", "There is no cache: templates are directories or git repositories."},
      {"update", "pgpm is updated as it was installed."}};
  for (const Absent& one : absent)
    if (one.name == command) return one.instead;
  return nullptr;
}

[[noreturn]] void throw_unknown(const std::string& command) {
  if (const char* instead = instead_of(command))
    throw Error(ErrorCode::usage,
                fmt::format("upstream's command \"{}\" is not part of this pgpm", command))
        .hint(instead);
  throw Error(ErrorCode::usage, fmt::format("there is no command \"{}\"{}", command,
                                            did_you_mean(command, known_words({}))))
      .hint("`pgpm help` lists all commands.");
}

}  // namespace

CommandLine find_command_line(const std::vector<std::string>& words) {
  CommandLine line;
  const auto at = plain_word(words, 0);
  if (!at) {
    line.words = words;
    return line;
  }
  const std::string& first = words[*at];
  if (is_group(first)) {
    if (const auto second = plain_word(words, *at + 1)) {
      line.command = find_command(first + " " + words[*second]);
      if (line.command == nullptr)
        throw Error(ErrorCode::usage,
                    fmt::format("`pgpm {}` has no command \"{}\"{}", first, words[*second],
                                did_you_mean(words[*second], known_words(first), first + " ")))
            .hint(fmt::format("`pgpm help {}` lists them.", first));
      line.words = without(words, {*at, *second});
      return line;
    }
    line.group = first;
    line.words = without(words, {*at});
    return line;
  }
  line.command = find_command(first);
  if (line.command == nullptr) throw_unknown(first);
  line.words = without(words, {*at});
  return line;
}

bool asks_for_help(const std::vector<std::string>& words) {
  const auto asks = [](const std::string& word) { return word == "--help" || word == "-h"; };
  // Almost nobody does, and finding out what options mean takes making all commands.
  if (std::none_of(words.begin(), words.end(), asks)) return false;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (asks(words[i])) return true;
    if (swallows_next(words[i])) ++i;
  }
  return false;
}

}  // namespace pgpm::cli
