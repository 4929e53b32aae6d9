#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/process.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/client_program.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

std::string shell_quote(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Variables variables_of(const Target& target, const Environment& environment) {
  const std::pair<const char*, std::string> settings[] = {{"PGHOST", target.host},
                                                          {"PGPORT", target.port},
                                                          {"PGUSER", target.user},
                                                          {"PGDATABASE", target.database}};
  Variables variables;
  for (const auto& [name, value] : settings) {
    const std::string effective = value.empty() ? environment.get(name) : value;
    if (!effective.empty()) variables.emplace_back(name, effective);
  }
  return variables;
}

/// PGHOSTADDR and a service would win over the host, or speak against it.
[[noreturn]] void run_with(const Target& target, const std::vector<std::string>& words) {
  const auto variables = client_variables(target);
  const bool names_host = std::any_of(variables.begin(), variables.end(), [](const auto& variable) {
    return variable.first == "PGHOST" || variable.first == "PGHOSTADDR";
  });
  if (names_host)
    for (const char* stronger : {"PGHOSTADDR", "PGSERVICE"}) ::unsetenv(stronger);
  become(words, variables);
}

int run_env(Invocation& invocation) {
  const Target target = target_of(invocation);
  if (!invocation.arguments.positionals.empty()) run_with(target, invocation.arguments.positionals);
  // A connection string may hold a password, and what is printed here ends up in logs and shell
  // histories.
  if (!target.dsn.empty() && !invocation.arguments.is_on("local"))
    throw Error(ErrorCode::usage,
                "a connection string cannot be taken apart without showing what is secret in it")
        .hint(
            "Give --host, --port, --username and --database, or keep using the connection string "
            "itself.");
  const Variables variables = variables_of(target, invocation.environment);
  Answer answer;
  Json members = Json::object();
  for (const auto& [name, value] : variables) {
    answer.text += fmt::format("export {}={}\n", name, shell_quote(value));
    members[name] = value;
  }
  // What would take precedence over, or speak against, the variables above.
  if (invocation.arguments.is_on("local") || !target.host.empty())
    answer.text += "unset PGHOSTADDR PGSERVICE\n";
  answer.document = dump_document(Json{{"env", members}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command env_command() {
  Command command;
  command.group = "Server";
  command.summary = "print shell commands that set the connection";
  command.description =
      "Prints exports of PGHOST, PGPORT, PGUSER and PGDATABASE for the connection the options "
      "mean, so that psql and "
      "everything else that speaks libpq goes to the same place. It never prints a password.\n\n"
      "With a command it prints nothing and becomes that command, with those variables set; what a "
      "connection string says beyond them, its password included, is handed over as well. Write -- "
      "in front of the command's options.";
  command.positionals = {
      {"COMMAND", Positional::Count::any, "a program to run there, and its arguments"}};
  command.options = connection_options();
  command.examples = {
      {"eval \"$(pgpm env --local)\"", "psql and friends use the private server from now on"},
      {"pgpm env --host db.example --database shop", "the variables for a connection"},
      {"pgpm env --local -- psql -c 'SELECT 1'", "one program on the private server"},
  };
  command.run = run_env;
  return command;
}

}  // namespace pgpm::cli
