#include "pgpm/proof.h"

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/run_options.h"
#include "cli/testing_server.h"

namespace pgpm::cli {

namespace {

ProveOptions options_from(const Invocation& invocation, const TestingServer& server) {
  ProveOptions options;
  read_run_options(invocation, options);
  options.to = invocation.arguments.value("to");
  if (server.is_ephemeral()) options.cluster = ClusterObjects::include;
  return options;
}

int run_prove(Invocation& invocation) {
  const Workspace workspace = load_workspace_of(invocation);
  std::vector<std::string> modules = modules_of(invocation, workspace, ModuleRequest{});
  const TestingServer server(invocation);
  ProveOptions options = options_from(invocation, server);
  options.modules = std::move(modules);
  prove(workspace, server.target(), options, invocation.reports, invocation.stop);
  return 0;
}

}  // namespace

Command prove_command() {
  Command command;
  command.group = "Tests";
  command.summary = "prove that each revert script restores what its change found";
  command.description =
      "Takes the changes of a module, and of the modules it requires, one by one in a scratch "
      "database: deploys it, reverts it, compares the catalog with what it was before, deploys it "
      "again and compares with the first time. A change is proven if nothing differs. Otherwise "
      "every object that was left behind, lost or altered is named, with the place in the revert "
      "script, and the exit status is 20. The comparison covers everything a script can change but "
      "rows: tables, columns, constraints, indexes, functions, types, rights, owners, comments and "
      "so on; roles only on an ephemeral server, because others may change them elsewhere.\n\n"
      "A change that cannot be taken back says so with a line `-- pgpm: irreversible` at the top "
      "of "
      "its revert script (or of its deploy script, if there is none): it is deployed, and "
      "skipped.\n\n"
      "The managed objects of a module (see `pgpm help deploy`) are proven in one go behind its "
      "changes: made, removed, made again.\n\n"
      "A verify script that passes before its change is deployed, or still passes after the "
      "revert, "
      "proves nothing, which is a warning; with --strict it is a failure.\n\n"
      "Without a server to connect to, it uses a private one that is thrown away afterwards. On a "
      "server that is named, the scratch database is dropped afterwards, but roles that scripts "
      "create stay: they are named at the end.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.options = with_testing_server(with_verdict_options(with_modules({
      {"to",
       0,
       OptionKind::value,
       "CHANGE|@TAG",
       "prove up to and including this change or tag",
       {"to-change", "toChange"}},
      {"strict", 0, OptionKind::flag, "", "a verify script that proves nothing is a failure"},
      {"statement-timeout",
       0,
       OptionKind::value,
       "TIME",
       "the server's limit for one statement",
       {"statementTimeout"}},
      set_option(),
  })));
  command.examples = {
      {"pgpm prove", "the module of the working directory, on a server made for it"},
      {"pgpm prove my-module --to @v1.0.0", "only what belongs to a tag"},
      {"pgpm prove --workspace --all --report json=proof.json",
       "every module, with a report for a program"},
      {"pgpm prove --host /run/postgresql --strict", "in a scratch database of a server of yours"},
  };
  command.run = run_prove;
  return command;
}

}  // namespace pgpm::cli
