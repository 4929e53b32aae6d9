#include "cli/session_options.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "cli/duration.h"
#include "cli/session_target.h"
#include "cli/style.h"

namespace pgpm::cli {

namespace {

/// The message must not show what may be a secret without a name.
std::pair<std::string, std::string> parameter(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(ErrorCode::configuration, "--param wants NAME=VALUE")
        .hint("write --param env=production; what is secret is better kept in a --params-file");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// As Go writes them: "1h30m", "90s", "500ms", "0"; and as we do.
std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view text) {
  if (const auto one = parse_duration(text)) return one;
  std::chrono::milliseconds total(0);
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const std::size_t end = std::min(text.find_first_of("0123456789.", digits), text.size());
    std::string part(text.substr(0, end));
    if (text.substr(digits, end - digits) == "m") part += "in";
    const auto value = parse_duration(part);
    if (!value) return std::nullopt;
    total += *value;
    text.remove_prefix(end);
  }
  return total;
}

constexpr const char* parameters_variable = "PGPM_PARAMETERS";

/// A JSON object of texts. Nothing of it is quoted in a message: here is where secrets go.
SessionParameters parameters_of_variable(const std::string& text) {
  SessionParameters all;
  if (text.empty()) return all;
  const auto document = nlohmann::ordered_json::parse(text, nullptr, false);
  bool is_right = document.is_object();
  for (const auto& [name, value] : document.items()) {
    is_right = is_right && value.is_string();
    if (is_right) all.emplace_back(name, value.get<std::string>());
  }
  if (!is_right)
    throw Error(ErrorCode::configuration,
                fmt::format("the variable {} is no JSON object of texts", parameters_variable))
        .hint(fmt::format("write it like {}='{{\"env\": \"production\"}}'", parameters_variable));
  return all;
}

SessionParameters parameters(const Invocation& invocation, const SessionSettings& settings) {
  SessionParameters all = settings.parameters;
  for (auto& one : parameters_of_variable(invocation.environment.get(parameters_variable)))
    all.push_back(std::move(one));
  for (const std::string& file : invocation.arguments.values("params-file"))
    for (auto& one : read_parameters_file(invocation.dir / file)) all.push_back(one);
  for (const std::string& text : invocation.arguments.values("param"))
    all.push_back(parameter(text));
  return all;
}

/// What is wrong with the target is told later: what is wrong with the project comes first.
std::shared_ptr<EarlySession> early_session(const Invocation& invocation,
                                            const SessionSettings& settings,
                                            SessionOptions options) {
  if (invocation.arguments.is_on("local")) return nullptr;  // it would start a server
  options.fresh_login = session_login(invocation, settings);
  try {
    return begin_session(session_target(invocation, settings), options, invocation.stop);
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

std::vector<Option> with_session_parameters(std::vector<Option> own) {
  const std::vector<Option> shared{
      {"param", 0, OptionKind::many_values, "NAME=VALUE", "a parameter for deploy.sql to read"},
      {"params-file", 0, OptionKind::many_values, "FILE",
       "parameters, one NAME=VALUE a line; --param wins over them, and they over the JSON object "
       "in PGPM_PARAMETERS"},
      {"secret", 0, OptionKind::many_values, "NAME",
       "a parameter whose value is *** in all that is shown; those that sound secret (password, "
       "token, key ...) are anyway"},
      {"timeout", 0, OptionKind::value, "TIME", "limit of the whole run (default 3min, 0 = none)"},
      {"compat", 0, OptionKind::value, "VERSION", "version of the session's views (only 1)"},
  };
  own.insert(own.end(), shared.begin(), shared.end());
  return own;
}

std::filesystem::path project_folder(const Invocation& invocation) {
  const std::vector<std::string>& words = invocation.arguments.positionals;
  return words.empty() ? invocation.dir : invocation.dir / words.front();
}

SessionRequest session_request(const Invocation& invocation, const SessionOptions& options) {
  SessionRequest request;
  const std::filesystem::path folder = project_folder(invocation);
  if (const std::size_t unread = take_env_file(folder))
    invocation.err.write(fmt::format("warning: .env: {} cannot be read\n", count(unread, "line")));
  request.settings = read_session_settings(folder);
  request.early = early_session(invocation, request.settings, options);
  request.project = load_session_project(folder, session_scan_options(invocation));
  return request;
}

void read_session_options(const Invocation& invocation, const SessionSettings& settings,
                          SessionOptions& options) {
  const Arguments& arguments = invocation.arguments;
  options.parameters = parameters(invocation, settings);
  options.secrets = arguments.values("secret");
  if (arguments.given("timeout")) {
    const auto limit = parse_go_duration(arguments.value("timeout"));
    options.timeout = limit ? *limit : duration_option("timeout", arguments.value("timeout"));
  } else if (settings.timeout) {
    const auto limit = parse_go_duration(*settings.timeout);
    if (!limit)
      throw Error(
          ErrorCode::configuration,
          fmt::format("pgmi.yaml: the timeout \"{}\" is no length of time", *settings.timeout))
          .hint("write it like 30s, 5m or 1h30m");
    options.timeout = *limit;
  }
  options.compat = arguments.value("compat");
  const auto maintenance = settings.connection.find("maintenance_database");
  if (maintenance != settings.connection.end()) options.maintenance_database = maintenance->second;
  options.fresh_login = session_login(invocation, settings);
  options.debug_notices = arguments.is_on("verbose");
}

SessionScanOptions session_scan_options(const Invocation& invocation) {
  SessionScanOptions options;
  const std::string text = invocation.environment.get("PGMI_MAX_FILE_SIZE");
  if (text.empty()) return options;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), options.max_file_size);
  if (problem != std::errc() || end != text.data() + text.size())
    throw Error(ErrorCode::configuration, "PGMI_MAX_FILE_SIZE is no number of bytes");
  return options;
}

}  // namespace pgpm::cli
