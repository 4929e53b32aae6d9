#include "pgpm/deploy.h"

#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/session_deploy.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/run_options.h"
#include "cli/sqitch_target.h"
#include "pgpm/early_connection.h"

namespace pgpm::cli {

namespace {

OnEdited on_edited(const std::string& word) {
  if (word == "warn") return OnEdited::warn;
  return word == "ignore" ? OnEdited::ignore : OnEdited::error;
}

DeployOptions options_from(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  DeployOptions options;
  read_run_options(invocation, options);
  options.to = arguments.value("to");
  options.scope = transaction_scope(invocation, TransactionScope::module);
  options.verify = !arguments.is_off("verify");
  options.log_only = arguments.is_on("log-only");
  options.create_database = arguments.is_on("createdb");
  options.test = arguments.is_on("test");
  options.on_edited = on_edited(arguments.value("on-edited"));
  if (arguments.is_on("sql") && !arguments.is_on("dry-run"))
    throw Error(ErrorCode::usage, "--sql goes with --dry-run");
  return options;
}

/// Where it is known that there is a server, and that it will be written to.
std::shared_ptr<EarlyConnection> begin_to_connect(const Invocation& invocation,
                                                  const DeployOptions& options) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.is_on("local") || arguments.is_on("dry-run") || options.create_database)
    return nullptr;
  return connect_early(target_of(invocation), options, invocation.stop);
}

int run_deploy(Invocation& invocation) {
  if (names_session_project(invocation)) {
    refuse_options_of_modules(invocation);
    return run_session_deploy(invocation);
  }
  refuse_options_of_sessions(invocation);
  DeployOptions options = options_from(invocation);
  options.early = begin_to_connect(invocation, options);
  const Workspace workspace = load_workspace_of(invocation);
  options.modules = modules_of(invocation, workspace, ModuleRequest{});
  read_sqitch_deploy(invocation, workspace, options);
  const Target target = target_of(invocation);
  if (invocation.arguments.is_on("dry-run")) {
    answer_dry_run(invocation, plan_deploy(workspace, target, options, invocation.stop));
    return 0;
  }
  const Asking asking = invocation.arguments.is_on("local") ? Asking::never : Asking::on_terminal;
  const RunReport report =
      deploy(workspace, target, options, invocation.reports, invocation.stop,
             approval(invocation, asking, options.log_only ? "Record" : "Deploy"));
  if (report.database_created && !invocation.arguments.is_on("quiet"))
    invocation.err.write("Created the database.\n");
  return 0;
}

}  // namespace

namespace {
/// A folder with a deploy.sql is deployed as well.
std::vector<Option> with_session_options(std::vector<Option> own) {
  for (Option& option : session_options_of_deploy()) own.push_back(std::move(option));
  return own;
}
}  // namespace

Command deploy_command() {
  Command command;
  command.group = "Changes";
  command.summary = "deploy pending changes";
  command.description =
      "Brings the database forward to where the plans say it should be. Everything the named "
      "modules require comes "
      "along, in dependency order. Before the first write everything that can be known is checked: "
      "plans, scripts, "
      "references, edited scripts. Each change's verify script runs right after it, in the same "
      "transaction.\n\n"
      "By default each module is one transaction: on failure nothing of the failing module stays, "
      "modules before it "
      "are kept. A failed change is not recorded; correct it and deploy again.\n\n"
      "With --lock-timeout a change that has to wait for a lock for longer lets go of everything, "
      "so "
      "that nobody queues up behind it, and its transaction is tried again until --retry-for is "
      "over. "
      "Each time the sessions in the way are named; --evict asks the server to end the query of "
      "certain ones, or the session of those that idle in their transaction.\n\n"
      "A module with a folder objects/ has managed objects: *.sql files in it and below that "
      "declare "
      "views, functions, types, triggers, comments, grants and so on, each always the current "
      "truth. "
      "Deploy compares them with what is recorded. What pending changes need out of the way is "
      "dropped, the changes run, and everything comes back as its file says, with its owner, "
      "rights "
      "and comments, all in the module's transaction; a file that changed or is gone is work for "
      "deploy by itself. Only a deploy to the end of the plan brings objects to what the files "
      "say: "
      "with --to an earlier change, and in each transaction but the last with --tx change or none "
      "and around changes that refuse transactions, what had to go is put back as it was, and what "
      "cannot be put back ends the run. --log-only leaves objects alone.\n\n"
      "On a terminal it shows what it will do and asks, unless --yes or --local is given.\n\n"
      "A folder that holds a deploy.sql and no pgpm.plan is a session project: see `pgpm help "
      "session deploy`.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.options =
      with_session_options(with_connection(with_run_options(with_retry(with_dry_run(with_modules({
          {"to",
           0,
           OptionKind::value,
           "CHANGE|@TAG",
           "deploy up to and including this change or tag",
           {"to-change", "toChange"}},
          {"createdb", 0, OptionKind::flag, "", "create the database if it does not exist"},
          transaction_option("module"),
          {"verify", 0, OptionKind::flag_on, "", "do not run verify scripts"},
          {"test", 0, OptionKind::flag, "",
           "run the SQL tests of each module before its COMMIT; a failure rolls it back"},
          {"log-only",
           0,
           OptionKind::flag,
           "",
           "record the changes without running them",
           {"logOnly"}},
          {"on-edited",
           0,
           OptionKind::value,
           "WHAT",
           "when a deployed script was edited since (default error)",
           {"onEdited"},
           {"error", "warn", "ignore"}},
          {"use-plan",
           0,
           OptionKind::flag,
           "",
           "accepted for compatibility: the plan is always used",
           {"usePlan"}},
          {"fast",
           0,
           OptionKind::flag,
           "",
           "accepted for compatibility, as --bundled: every deploy sends many changes in a "
           "message, "
           "with all its guarantees",
           {"bundled"}},
      }))))));
  command.examples = {
      {"pgpm deploy", "the module of the working directory"},
      {"pgpm deploy my-module --createdb",
       "a module by name, into a database that may not exist yet"},
      {"pgpm deploy --workspace --all --yes", "every module, without asking"},
      {"pgpm deploy --test", "and only what passes its SQL tests is committed"},
      {"pgpm deploy --lock-timeout 200ms --retry-for 5min",
       "never stall the application behind a lock"},
      {"pgpm deploy --to @v1.0.0", "up to and including a tag"},
      {"pgpm deploy --dry-run --sql > deploy.sql", "the SQL for somebody else to read"},
  };
  command.run = run_deploy;
  return command;
}

}  // namespace pgpm::cli
