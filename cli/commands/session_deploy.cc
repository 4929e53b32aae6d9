#include "cli/commands/session_deploy.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/run_options.h"
#include "cli/session_options.h"
#include "cli/session_target.h"
#include "cli/terminal.h"
#include "pgpm/session.h"

namespace pgpm::cli {

namespace {

/// Whoever overwrites a database types its name, unless --force (or --yes) was given.
std::function<bool(const std::string&)> overwrite_approval(Invocation& invocation) {
  const bool is_forced = invocation.arguments.is_on("force") || invocation.arguments.is_on("yes");
  return [&invocation, is_forced](const std::string& database) {
    if (is_forced) {
      invocation.err.write(fmt::format("Dropping database {} and making it anew.\n", database));
      return true;
    }
    if (!invocation.terminal.can_ask)
      throw Error(ErrorCode::approval, "--overwrite needs --force when there is nobody to ask")
          .leaving("nothing was changed");
    const std::string question = fmt::format(
        "Database {} and everything in it will be dropped. Type its name to go on: ", database);
    return ask(invocation.err, question, invocation.stop) == database;
  };
}

}  // namespace

std::vector<Option> session_deploy_options() {
  return with_session_parameters({
      {"all-files-in-plan", 0, OptionKind::flag, "",
       "pgmi_plan_view also lists files that are not SQL"},
      {"allow-open-transaction", 0, OptionKind::flag, "",
       "a transaction that deploy.sql leaves open is rolled back without a failure"},
      {"existing-database", 0, OptionKind::flag, "", "fail if the database does not exist"},
      {"overwrite", 0, OptionKind::flag, "", "drop the database first and make it anew"},
      {"force", 0, OptionKind::flag, "", "do not ask before --overwrite drops"},
  });
}

int run_session_deploy(Invocation& invocation) {
  SessionOptions options;
  options.all_files_in_plan = invocation.arguments.is_on("all-files-in-plan");
  options.allow_open_transaction = invocation.arguments.is_on("allow-open-transaction");
  if (invocation.arguments.is_on("existing-database"))
    options.database = SessionOptions::Database::must_exist;
  if (invocation.arguments.is_on("overwrite"))
    options.database = SessionOptions::Database::overwrite;
  options.approve_overwrite = overwrite_approval(invocation);
  const SessionRequest request = session_request(invocation, options);
  read_session_options(invocation, request.settings, options);
  options.early = request.early;
  deploy_session(request.project, session_target(invocation, request.settings), options,
                 invocation.reports, invocation.stop);
  return 0;
}

std::vector<Option> session_options_of_deploy() {
  std::vector<Option> options = session_deploy_options();
  for (Option& option : further_connection_options()) options.push_back(std::move(option));
  for (Option& option : options) option.description = "session project: " + option.description;
  return options;
}

bool names_session_project(const Invocation& invocation) {
  if (invocation.arguments.positionals.size() != 1) return false;
  const std::filesystem::path folder = project_folder(invocation);
  std::error_code problem;
  return std::filesystem::is_regular_file(folder / "deploy.sql", problem) &&
         !std::filesystem::exists(folder / "pgpm.plan", problem);
}

void refuse_options_of_modules(const Invocation& invocation) {
  const std::vector<Option> known = options_of(*find_command("session deploy"));
  for (const Option& option : options_of(invocation.command)) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&](const Option& one) { return one.name == option.name; });
    if (!is_known && invocation.arguments.given(option.name))
      throw Error(ErrorCode::usage, fmt::format("--{} is not for session projects", option.name))
          .hint("`pgpm help session deploy` lists what is");
  }
}

void refuse_options_of_sessions(const Invocation& invocation) {
  for (const Option& option : session_options_of_deploy())
    if (invocation.arguments.given(option.name))
      throw Error(ErrorCode::usage, fmt::format("--{} is for session projects only", option.name))
          .hint("name a folder with a deploy.sql: `pgpm deploy FOLDER`");
}

Command session_deploy_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "run the deploy.sql of a project with its files as views";
  command.description =
      "Loads every file of a folder, and the parameters, into temporary views of one session "
      "(pgmi_source_view, pgmi_plan_view, pgmi_parameter_view, ...) and runs the folder's "
      "deploy.sql there. What runs, in which order and in which transactions is for deploy.sql to "
      "say; CALL pgmi_test(); in it runs the tests below __test__ directories, each rolled back, "
      "and a failing one keeps the COMMIT behind it from being reached.\n\n"
      "The statements up to the first COMMIT go as one message; each one behind it by itself, "
      "where CREATE INDEX CONCURRENTLY and VACUUM are possible. Exit status 13 if a statement or "
      "test failed, or if deploy.sql leaves a transaction open.";
  command.positionals = {{"PATH", Positional::Count::optional,
                          "the project's folder; default: the working directory"}};
  command.options = with_session_connection(with_verdict_options(session_deploy_options()));
  command.examples = {
      {"pgpm session deploy ./shop -d shop", "the project in ./shop"},
      {"pgpm session deploy ./shop -d shop --param env=staging --report junit=tests.xml",
       "with a parameter, and the tests as a JUnit report"},
      {"pgpm session deploy ./shop -d shop_test --overwrite --force",
       "into a database made anew, as in CI"},
  };
  command.run = run_session_deploy;
  return command;
}

}  // namespace pgpm::cli
