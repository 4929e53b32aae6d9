#include "pgpm/revert.h"

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/run_options.h"

namespace pgpm::cli {

namespace {

RevertOptions options_from(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  RevertOptions options;
  read_run_options(invocation, options);
  options.to = arguments.value("to");
  options.cascade = arguments.is_on("cascade");
  options.verify_remaining = arguments.is_on("verify");
  options.drop_extensions = arguments.is_on("drop-extensions");
  options.log_only = arguments.is_on("log-only");
  options.scope = transaction_scope(invocation, TransactionScope::run);
  if (arguments.is_on("all")) options.reach = RevertReach::all;
  if (!options.to.empty()) options.reach = RevertReach::to;
  if (arguments.is_on("all") && !options.to.empty())
    throw Error(ErrorCode::usage, "--all and --to contradict each other");
  if (arguments.is_on("workspace") && !arguments.is_on("all"))
    throw Error(ErrorCode::usage, "--workspace reverts everything of every module")
        .hint("Write --workspace --all.");
  if (arguments.is_on("sql") && !arguments.is_on("dry-run"))
    throw Error(ErrorCode::usage, "--sql goes with --dry-run");
  return options;
}

int run_revert(Invocation& invocation) {
  RevertOptions options = options_from(invocation);
  const bool is_dry = invocation.arguments.is_on("dry-run");
  if (!is_dry) require_yes_or_terminal(invocation, "reverting");
  const Workspace workspace = load_workspace_of(invocation);
  ModuleRequest request;
  request.all_means = ModuleRequest::All::of_changes;
  options.modules = modules_of(invocation, workspace, request);
  const Target target = target_of(invocation);
  if (is_dry) {
    answer_dry_run(invocation, plan_revert(workspace, target, options, invocation.stop));
    return 0;
  }
  revert(workspace, target, options, invocation.reports, invocation.stop,
         approval(invocation, Asking::on_terminal, "Revert"));
  return 0;
}

}  // namespace

Command revert_command() {
  Command command;
  command.group = "Changes";
  command.summary = "take deployed changes back, newest first";
  command.description =
      "Without --to and --all it reverts the last deployed change of the module. If changes of "
      "other modules depend on "
      "what would go, it refuses and names them; --cascade takes them first. The whole revert is "
      "one transaction.\n\n"
      "Managed objects of a module (see `pgpm help deploy`) are dropped before the last of its "
      "changes is reverted. While changes stay, objects that stand in the way of a revert script "
      "are dropped for it and put back as they were; if one cannot live without what is "
      "reverted, the whole revert is rolled back.\n\n"
      "On a terminal it shows what it will do and asks; elsewhere it needs --yes.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  std::vector<Option> options =
      with_connection(with_run_options(with_retry(with_dry_run(with_modules({
          {"to",
           0,
           OptionKind::value,
           "CHANGE|@TAG",
           "revert everything after this change or tag, which stays",
           {"to-change", "toChange"}},
          {"cascade", 0, OptionKind::flag, "", "revert what depends on it in other modules, too"},
          transaction_option("run"),
          {"verify", 0, OptionKind::flag, "", "run the verify scripts of what stays"},
          {"drop-extensions", 0, OptionKind::flag, "",
           "drop the native extensions the modules required"},
          {"log-only",
           0,
           OptionKind::flag,
           "",
           "take the records back without running scripts",
           {"logOnly"}},
      })))));
  for (Option& option : options)
    if (option.name == "all")
      option.description = "all changes of the module; with --workspace, of every module";
  command.options = std::move(options);
  command.examples = {
      {"pgpm revert", "the last deployed change"},
      {"pgpm revert my-module --to @v1.0.0", "everything after a tag; the tag stays"},
      {"pgpm revert --all --yes", "everything of the module, without asking"},
      {"pgpm revert --workspace --all --dry-run", "what reverting everything would do"},
  };
  command.run = run_revert;
  return command;
}

}  // namespace pgpm::cli
