#include "cli/session_target.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/ado_string.h"
#include "cli/connection_options.h"
#include "cli/process.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

const std::vector<std::string>& ssl_modes() {
  static const std::vector<std::string> modes{"disable", "allow",     "prefer",
                                              "require", "verify-ca", "verify-full"};
  return modes;
}

class SessionTarget {
 public:
  SessionTarget(const Invocation& invocation, const SessionSettings& settings)
      : arguments_(invocation.arguments),
        environment_(invocation.environment),
        settings_(settings),
        command_(invocation.command.name) {}

  Target read() {
    if (arguments_.is_on("local")) return choose_target(arguments_, environment_, application());
    Target target;
    target.application = application();
    target.database = arguments_.value("database");
    const auto [source, connection] = connection_string();
    if (connection.empty())
      read_single_settings(target);
    else
      refuse_single_settings(source);
    target.dsn = Secret(with_connection_words(connection, further_words()));
    require_database(target, connection);
    return target;
  }

 private:
  std::string application() const { return "pgpm " + command_; }

  /// Where it is from, and the string in a form that libpq takes.
  std::pair<std::string, std::string> connection_string() const {
    std::pair<std::string, std::string> found;
    if (arguments_.given("connection") && arguments_.given("dsn"))
      throw Error(ErrorCode::usage, "--connection and --dsn both hold a connection string");
    for (const char* option : {"connection", "dsn"})
      if (arguments_.given(option)) found = {fmt::format("--{}", option), arguments_.value(option)};
    for (const char* variable : {"PGMI_CONNECTION_STRING", "PGPM_DATABASE_URL", "DATABASE_URL"})
      if (found.second.empty() && environment_.has(variable))
        found = {fmt::format("the variable {}", variable), environment_.get(variable)};
    if (is_ado_string(found.second)) found.second = conninfo_text(parse_ado_string(found.second));
    return found;
  }

  void refuse_single_settings(const std::string& source) const {
    for (const char* option : {"host", "port", "username", "sslmode"})
      if (arguments_.given(option))
        throw Error(ErrorCode::configuration,
                    fmt::format("--{} contradicts the connection string of {}", option, source))
            .hint("put it into the connection string, or take that one away");
  }

  /// libpq reads the variables itself: the file counts only where they say nothing.
  void read_single_settings(Target& target) const {
    const auto choose = [&](const char* option, const char* variable, const char* key) {
      if (arguments_.given(option)) return arguments_.value(option);
      return environment_.has(variable) ? std::string() : setting(key);
    };
    target.host = environment_.has("PGHOSTADDR") ? arguments_.value("host")
                                                 : choose("host", "PGHOST", "host");
    target.port = choose("port", "PGPORT", "port");
    target.user = choose("username", "PGUSER", "username");
    if (target.database.empty()) target.database = choose("database", "PGDATABASE", "database");
  }

  /// TLS settings.
  ConnectionWords further_words() const {
    ConnectionWords words;
    const auto add = [&](const char* keyword, const char* variable) {
      std::string value = arguments_.value(keyword);
      if (value.empty() && !environment_.has(variable)) value = setting(keyword);
      if (!value.empty()) words.emplace_back(keyword, value);
    };
    add("sslmode", "PGSSLMODE");
    add("sslcert", "PGSSLCERT");
    add("sslkey", "PGSSLKEY");
    add("sslrootcert", "PGSSLROOTCERT");
    for (const auto& [keyword, value] : words)
      if (keyword == "sslmode" &&
          std::find(ssl_modes().begin(), ssl_modes().end(), value) == ssl_modes().end())
        throw Error(ErrorCode::configuration, fmt::format("there is no sslmode \"{}\"", value))
            .hint("it is one of disable, allow, prefer, require, verify-ca, verify-full");
    return words;
  }

  void require_database(const Target& target, const std::string& connection) const {
    if (!target.database.empty() || !connection.empty()) return;
    if (environment_.has("PGDATABASE") || environment_.has("PGSERVICE")) return;
    throw Error(ErrorCode::configuration, "no database was named")
        .hint("name it with -d, a connection string, PGDATABASE or pgmi.yaml");
  }

  std::string setting(const std::string& key) const {
    const auto found = settings_.connection.find(key);
    return found == settings_.connection.end() ? std::string() : found->second;
  }

  const Arguments& arguments_;
  const Environment& environment_;
  const SessionSettings& settings_;
  std::string command_;
};

std::string password_of(const std::string& command) {
  std::optional<std::string> answer = output_of({"/bin/sh", "-c", command});
  if (!answer)
    throw Error(ErrorCode::connection, "the password command failed")
        .hint("it must write the password to its output and end with status 0");
  while (!answer->empty() && (answer->back() == '\n' || answer->back() == '\r')) answer->pop_back();
  return *std::move(answer);
}

}  // namespace

std::vector<Option> further_connection_options() {
  return {
      {"connection", 0, OptionKind::value, "STRING",
       "connection URI, or .NET's Host=...;Database=...;Username=..."},
      {"sslmode", 0, OptionKind::value, "MODE",
       "disable, allow, prefer, require, verify-ca or verify-full"},
      {"sslcert", 0, OptionKind::value, "FILE", "client certificate"},
      {"sslkey", 0, OptionKind::value, "FILE", "its key"},
      {"sslrootcert", 0, OptionKind::value, "FILE", "certificates to trust"},
      {"password-command", 0, OptionKind::value, "COMMAND",
       "shell command that writes the password, such as a cloud's login token; run for each "
       "connection"},
  };
}

std::vector<Option> with_session_connection(std::vector<Option> own) {
  own = with_connection(std::move(own));
  std::erase_if(own, [](const Option& option) { return option.name == "target"; });
  for (Option& option : further_connection_options()) own.push_back(std::move(option));
  return own;
}

Target session_target(const Invocation& invocation, const SessionSettings& settings) {
  return SessionTarget(invocation, settings).read();
}

std::function<Target(const Target&)> session_login(const Invocation& invocation,
                                                   const SessionSettings& settings) {
  std::string command = invocation.arguments.value("password-command");
  const auto set = settings.connection.find("password_command");
  if (command.empty() && set != settings.connection.end()) command = set->second;
  if (command.empty() || invocation.arguments.is_on("local")) return {};
  return [command](const Target& target) {
    Target fresh = target;
    fresh.dsn =
        Secret(with_connection_words(target.dsn.reveal(), {{"password", password_of(command)}}));
    return fresh;
  };
}

}  // namespace pgpm::cli
