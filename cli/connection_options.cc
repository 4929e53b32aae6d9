#include "cli/connection_options.h"

#include <fmt/format.h>

#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

bool is_connection_string(const std::string& text) {
  return text.rfind("postgres://", 0) == 0 || text.rfind("postgresql://", 0) == 0 ||
         text.find('=') != std::string::npos;
}

/// Without the variables that only we know.
bool names_a_place(const Arguments& arguments, const Environment& environment) {
  for (const char* option : {"database", "host", "dsn"})
    if (arguments.given(option)) return true;
  for (const char* variable : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"})
    if (environment.has(variable)) return true;
  return false;
}

std::string url_of(const Environment& environment) {
  const std::string own = environment.get("PGPM_DATABASE_URL");
  return own.empty() ? environment.get("DATABASE_URL") : own;
}

}  // namespace

std::vector<Option> connection_options() {
  return {
      {"database",
       'd',
       OptionKind::value,
       "NAME",
       "database to act on (or a URI, as for psql)",
       {"db", "dbname"}},
      {"host", 0, OptionKind::value, "HOST", "server's host name or socket directory"},
      {"port", 'p', OptionKind::value, "PORT", "server's port"},
      {"username", 'U', OptionKind::value, "NAME", "role to connect as", {"user"}},
      {"dsn", 0, OptionKind::value, "URI",
       "connection URI or keyword=value text; the options above win over it"},
      {"target", 't', OptionKind::value, "NAME|URI",
       "in a Sqitch project: a target of its sqitch.conf, or a db:pg: URI"},
      {"local", 0, OptionKind::flag, "", "use a private server of your own, started on demand"},
  };
}

std::vector<Option> with_connection(std::vector<Option> own) {
  for (Option& option : connection_options()) own.push_back(std::move(option));
  return own;
}

Target named_target(const Arguments& arguments, const Environment& environment,
                    std::string application) {
  Target target;
  target.application = std::move(application);
  target.dsn = Secret(arguments.value("dsn"));
  target.database = arguments.value("database");
  target.host = arguments.value("host");
  target.port = arguments.value("port");
  target.user = arguments.value("username");
  // As psql does: -d may hold a whole connection string, and with it a password.
  if (is_connection_string(target.database)) {
    if (!target.dsn.empty())
      throw Error(ErrorCode::usage, "--database and --dsn both hold a connection string");
    target.dsn = Secret(target.database);
    target.database.clear();
  }
  if (!names_a_place(arguments, environment)) target.dsn = Secret(url_of(environment));
  return target;
}

bool names_a_server(const Arguments& arguments, const Environment& environment) {
  return names_a_place(arguments, environment) || !url_of(environment).empty();
}

LocalServerOptions local_server_options(const Environment& environment) {
  LocalServerOptions options;
  const std::string state = environment.get("XDG_STATE_HOME");
  const std::string home = environment.get("HOME");
  if (state.empty() && home.empty())
    throw Error(ErrorCode::other,
                "neither XDG_STATE_HOME nor HOME is set: there is no place for a private server");
  options.dir = (state.empty() ? std::filesystem::path(home) / ".local" / "state"
                               : std::filesystem::path(state)) /
                "pgpm" / "local";
  return options;
}

Target choose_target(const Arguments& arguments, const Environment& environment,
                     std::string application) {
  if (!arguments.is_on("local"))
    return named_target(arguments, environment, std::move(application));
  for (const char* option : {"host", "port", "username", "dsn"})
    if (arguments.given(option))
      throw Error(ErrorCode::usage, fmt::format("--local and --{} contradict each other", option))
          .hint("The private server is reached in one way only.");
  const LocalServerOptions options = local_server_options(environment);
  start_local_server(options);
  Target target = local_server_target(options);
  target.application = std::move(application);
  const std::string named = arguments.value("database");
  if (!named.empty())
    target.database = named;
  else if (environment.has("PGDATABASE"))
    target.database = environment.get("PGDATABASE");
  else
    target.database = "postgres";
  return target;
}

}  // namespace pgpm::cli
