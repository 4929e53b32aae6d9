// `pgpm kill`: ends the sessions of databases, and with --drop the databases. Upstream drops unless
// told not to; here what destroys has to be asked for.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/exit_code.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/style.h"
#include "cli/suggest.h"
#include "pgpm/databases.h"

namespace pgpm::cli {

namespace {

std::vector<std::string> names_of(const std::vector<DatabaseSummary>& databases) {
  std::vector<std::string> names;
  for (const DatabaseSummary& database : databases) names.push_back(database.name);
  return names;
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Error which(const std::vector<DatabaseSummary>& there) {
  Error error(ErrorCode::usage, "which databases? Name them, or give --pattern");
  std::string list;
  for (const DatabaseSummary& database : there)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", printable(database.name));
  error.hint(list.empty() ? "The server has none but its own."
                          : fmt::format("There are: {}.", list));
  return error;
}

/// The named ones, or those that match; each with who is connected.
std::vector<DatabaseSummary> chosen(const Invocation& invocation, const Target& target) {
  const std::vector<std::string>& names = invocation.arguments.positionals;
  const auto pattern = invocation.arguments.given("pattern");
  if (pattern && !names.empty())
    throw Error(ErrorCode::usage, "databases are either named or matched with --pattern");
  if (pattern && pattern->empty()) throw Error(ErrorCode::usage, "--pattern is empty");
  if (pattern) return list_databases(target, *pattern, invocation.stop);
  const std::vector<DatabaseSummary> there = list_databases(target, "", invocation.stop);
  if (names.empty()) throw which(there);
  std::vector<DatabaseSummary> found;
  for (const std::string& name : names) {
    const auto at = std::find_if(there.begin(), there.end(),
                                 [&](const DatabaseSummary& one) { return one.name == name; });
    if (at == there.end())
      throw Error(ErrorCode::usage,
                  fmt::format("there is no database \"{}\" to end the sessions of{}", name,
                              did_you_mean(name, names_of(there))))
          .hint("Templates and the maintenance database are left alone.");
    found.push_back(*at);
  }
  return found;
}

Afterwards afterwards(const Arguments& arguments) {
  return arguments.is_on("drop") ? Afterwards::drop_database : Afterwards::keep_database;
}

void require_consent(Invocation& invocation, const std::vector<DatabaseSummary>& databases,
                     Afterwards then) {
  if (invocation.arguments.is_on("yes")) return;
  std::string text;
  for (const DatabaseSummary& database : databases)
    text += fmt::format("  {}  {}, owner {}\n", printable(database.name),
                        counted(database.sessions, "session"), printable(database.owner));
  invocation.err.write(text);
  const std::string what = counted(databases.size(), "database");
  const std::string question =
      then == Afterwards::drop_database
          ? fmt::format("End these sessions and DROP {}? What is in them is gone for good.", what)
          : fmt::format("End the sessions of {}?", what);
  if (!confirm(invocation.err, question, invocation.stop))
    throw Error(ErrorCode::approval, "not approved").leaving("nothing was changed");
}

Json json_of(const EndedDatabase& ended) {
  Json json{{"database", ended.name},
            {"sessions_ended", ended.sessions_ended},
            {"dropped", ended.dropped}};
  if (!ended.problem.empty()) json["problem"] = ended.problem;
  return json;
}

std::string line_of(const EndedDatabase& ended, const Style& style) {
  std::string text = fmt::format("  {} {}  {} ended", ended.problem.empty() ? "-" : style.red("x"),
                                 printable(ended.name), counted(ended.sessions_ended, "session"));
  if (ended.dropped) text += ", dropped";
  if (!ended.problem.empty()) text += ": " + printable(ended.problem);
  return text + "\n";
}

int answer(Invocation& invocation, const std::vector<EndedDatabase>& all) {
  Answer answer;
  Json list = Json::array();
  bool failed = false;
  for (const EndedDatabase& ended : all) {
    answer.text += line_of(ended, invocation.terminal.out);
    list.push_back(json_of(ended));
    answer.lines.push_back(dump_line(list.back()));
    failed = failed || !ended.problem.empty();
  }
  if (all.empty()) answer.text = "No database matches.\n";
  answer.document = dump_document(Json{{"databases", list}});
  invocation.reports.answer(answer);
  return failed ? exit_status(ErrorCode::sql) : 0;
}

int run_kill(Invocation& invocation) {
  const Afterwards then = afterwards(invocation.arguments);
  require_yes_or_terminal(invocation, "ending sessions");
  const Target target = target_of(invocation);
  const std::vector<DatabaseSummary> databases = chosen(invocation, target);
  if (databases.empty()) return answer(invocation, {});
  require_consent(invocation, databases, then);
  return answer(invocation, end_sessions(target, names_of(databases), then, invocation.stop));
}

}  // namespace

Command kill_command() {
  Command command;
  command.group = "Server";
  command.summary = "end the sessions of databases, and drop them with --drop";
  command.description =
      "Ends every client's session in the databases named, or in those whose names match a pattern "
      "of LIKE. The databases stay, unless --drop is given.\n\n"
      "It shows who is connected and asks first; without a terminal it needs --yes. A database "
      "that "
      "cannot be dropped does not keep it from the next; the status is 13 then.";
  command.positionals = {{"DATABASE", Positional::Count::any, "whose sessions shall end"}};
  command.options = with_connection(
      {{"pattern", 0, OptionKind::value, "LIKE", "those that match, such as 'test\\_%'"},
       {"drop", 0, OptionKind::flag, "", "drop the databases, too"}});
  command.examples = {
      {"pgpm kill shop", "throw everybody out of a database, after asking"},
      {"pgpm kill --pattern 'pgpm\\_test\\_%' --drop --yes", "clean up behind tests"}};
  command.run = run_kill;
  return command;
}

}  // namespace pgpm::cli
