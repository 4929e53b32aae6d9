// The private server's five commands.
#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/process.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/local_server.h"

namespace pgpm::cli {

namespace {

Json status_json(const LocalServerStatus& status) {
  return Json{{"initialised", status.initialised},
              {"running", status.running},
              {"pid", status.pid},
              {"version", status.version},
              {"directory", status.dir.generic_string()},
              {"socket_directory", status.socket_dir.generic_string()},
              {"port", status.port},
              {"log_file", status.log_file.generic_string()}};
}

std::string state_text(const LocalServerStatus& status, const Style& style) {
  if (!status.initialised) return "There is no private server yet; `pgpm local start` makes one.\n";
  std::string text =
      status.running
          ? fmt::format("{} (pid {})\n", style.green("The private server is running"), status.pid)
          : style.yellow("The private server is stopped") + "\n";
  if (!status.version.empty()) text += fmt::format("  version    {}\n", status.version);
  text += fmt::format("  directory  {}\n", status.dir.generic_string());
  if (status.running)
    text +=
        fmt::format("  socket     {}, port {}\n", status.socket_dir.generic_string(), status.port);
  return text + fmt::format("  log        {}\n", status.log_file.generic_string());
}

void answer_state(Invocation& invocation, const LocalServerStatus& status) {
  Answer answer;
  answer.text = state_text(status, invocation.terminal.out);
  answer.document = dump_document(status_json(status));
  invocation.reports.answer(answer);
}

void answer_sentence(Invocation& invocation, const std::string& sentence, const char* member) {
  Answer answer;
  answer.text = sentence + "\n";
  answer.document = dump_document(Json{{member, true}});
  invocation.reports.answer(answer);
}

int start(Invocation& invocation) {
  answer_state(invocation, start_local_server(local_server_options(invocation.environment)));
  return 0;
}

int stop(Invocation& invocation) {
  stop_local_server(local_server_options(invocation.environment));
  answer_sentence(invocation, "The private server is stopped.", "stopped");
  return 0;
}

int show_status(Invocation& invocation) {
  answer_state(invocation, local_server_status(local_server_options(invocation.environment)));
  return 0;
}

int destroy(Invocation& invocation) {
  const LocalServerOptions options = local_server_options(invocation.environment);
  require_yes_or_terminal(invocation, "destroying the private server");
  const bool is_sure = invocation.arguments.is_on("yes") ||
                       confirm(invocation.err,
                               fmt::format("Destroy the private server and every database in {}?",
                                           options.dir.generic_string()),
                               invocation.stop);
  if (!is_sure) throw Error(ErrorCode::approval, "not approved").leaving("nothing was changed");
  destroy_local_server(options);
  answer_sentence(invocation, "The private server and its databases are gone.", "destroyed");
  return 0;
}

std::string psql_program() {
  // Debian's /usr/bin/psql is a script that picks a version; the server's own is the right one.
  if (const auto bin = find_server_binaries()) {
    const std::filesystem::path own = *bin / "psql";
    if (std::filesystem::exists(own)) return own.string();
  }
  return "psql";
}

int psql(Invocation& invocation) {
  const LocalServerOptions options = local_server_options(invocation.environment);
  start_local_server(options);
  const Target target = local_server_target(options);
  std::string database = invocation.arguments.value("database");
  if (database.empty()) database = invocation.environment.get("PGDATABASE");
  std::vector<std::string> words{psql_program(), "-d", database.empty() ? "postgres" : database};
  if (!target.host.empty()) words.insert(words.end(), {"-h", target.host});
  if (!target.port.empty()) words.insert(words.end(), {"-p", target.port});
  if (!target.user.empty()) words.insert(words.end(), {"-U", target.user});
  const std::vector<std::string>& rest = invocation.arguments.positionals;
  words.insert(words.end(), rest.begin(), rest.end());
  become(words);
}

Command local(const char* summary, const char* description, int (*run)(Invocation&)) {
  Command command;
  command.group = "Server";
  command.summary = summary;
  command.description = description;
  command.run = run;
  return command;
}

}  // namespace

Command local_start_command() {
  Command command = local(
      "start your private PostgreSQL server",
      "Creates it if there is none. It belongs to you alone, listens on a unix socket only, and "
      "lives below $XDG_STATE_HOME/pgpm/local (~/.local/state by default). Every command with "
      "--local "
      "starts it, too.",
      start);
  command.examples = {
      {"pgpm local start", "create and start it"},
      {"pgpm local start && eval \"$(pgpm env --local)\"", "and use it in this shell"}};
  return command;
}

Command local_stop_command() {
  Command command = local("stop the private server", "Its databases are kept.", stop);
  command.examples = {{"pgpm local stop", "stop it"},
                      {"pgpm local stop && pgpm local start", "start it afresh"}};
  return command;
}

Command local_status_command() {
  Command command =
      local("tell whether the private server runs, and where",
            "Shows its process, version, directory, socket and log file.", show_status);
  command.examples = {{"pgpm local status", "for people"},
                      {"pgpm local status --format json", "for a program"}};
  return command;
}

Command local_psql_command() {
  Command command = local("open psql on the private server",
                          "Starts the server if needed. What stands behind -- goes to psql.", psql);
  command.positionals = {
      {"PSQL-ARGUMENT", Positional::Count::any, "passed on to psql; write -- in front of options"}};
  command.options = {{"database",
                      'd',
                      OptionKind::value,
                      "NAME",
                      "database (default: PGDATABASE, else postgres)",
                      {"db", "dbname"}}};
  command.examples = {{"pgpm local psql -d shop", "a prompt in a database"},
                      {"pgpm local psql -d shop -- -c 'SELECT 1'", "one statement"}};
  return command;
}

Command local_destroy_command() {
  Command command =
      local("remove the private server and all its databases",
            "Stops it and removes its directory. Asks first; without a terminal it needs --yes.",
            destroy);
  command.examples = {{"pgpm local destroy", "after asking"},
                      {"pgpm local destroy --yes", "without asking"}};
  return command;
}

}  // namespace pgpm::cli
