#include "engine/session/parameters.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "engine/text/source_text.h"
#include "engine/text/utf8.h"

namespace pgpm {

namespace {

constexpr std::size_t longest_name = 63;

bool is_parameter_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

void check(const std::string& name, const std::string& value) {
  if (!is_parameter_name(name))
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no name for a parameter", name))
        .hint("letters, digits and underscores, not starting with a digit, at most 63");
  if (find_invalid_utf8(value))
    throw Error(ErrorCode::configuration,
                fmt::format("the value of parameter {} is not UTF-8 text", name));
}

std::string_view unquoted(std::string_view value) {
  const bool is_quoted = value.size() >= 2 && value.front() == value.back() &&
                         (value.front() == '"' || value.front() == '\'');
  return is_quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

SessionParameters checked_parameters(const SessionParameters& given) {
  SessionParameters checked;
  std::vector<std::string> spellings;
  for (const auto& [name, value] : given) {
    check(name, value);
    const std::string lower = lower_case(name);
    const auto known = std::find_if(checked.begin(), checked.end(),
                                    [&](const auto& one) { return one.first == lower; });
    if (known == checked.end()) {
      checked.emplace_back(lower, value);
      spellings.push_back(name);
      continue;
    }
    const std::string& spelling = spellings[static_cast<std::size_t>(known - checked.begin())];
    if (spelling != name)
      throw Error(ErrorCode::configuration,
                  fmt::format("the parameters {} and {} differ only in case", spelling, name))
          .hint("names are folded to lower case: keep one of them");
    known->second = value;
  }
  return checked;
}

SessionParameters read_parameters_file(const std::filesystem::path& file) {
  const std::optional<std::string> bytes = read_file(file);
  if (!bytes)
    throw Error(ErrorCode::configuration,
                fmt::format("there is no parameters file {}", shown_path(file)));
  SessionParameters parameters;
  std::string_view rest = std::string_view(*bytes).substr(byte_order_mark(*bytes));
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = trim(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    const std::string_view name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || name.empty())
      throw Error(ErrorCode::configuration, "the line is not NAME=VALUE")
          .at({shown_path(file), number, 0});
    parameters.emplace_back(name, unquoted(trim(line.substr(equals + 1))));
  }
  return parameters;
}

}  // namespace pgpm
