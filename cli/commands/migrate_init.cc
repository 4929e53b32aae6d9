#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/duration.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/ledger.h"

namespace pgpm::cli {

namespace {

int run_migrate_init(Invocation& invocation) {
  RunOptions options;
  read_run_options(invocation, options);
  const bool changed =
      init_ledger(target_of(invocation), options, invocation.reports, invocation.stop);
  Answer answer;
  answer.text = changed ? "The ledger (schema pgpm_migrate) is ready.\n"
                        : "The ledger is there and up to date.\n";
  answer.document = dump_document(Json{{"changed", changed}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command migrate_init_command() {
  Command command;
  command.group = "Ledger";
  command.summary = "create the ledger, or upgrade it to this version";
  command.description =
      "The ledger is the schema pgpm_migrate, which records what is deployed. Deploying creates it "
      "when it is missing; this "
      "command is for preparing a database beforehand, for instance as another role.";
  command.options = with_connection({
      {"lock-wait",
       0,
       OptionKind::value,
       "TIME",
       "wait for another run to end (default 60s, 0 = do not wait)",
       {"lockWait"}},
  });
  command.examples = {
      {"pgpm migrate init --database shop", "in one database"},
      {"pgpm migrate init --local", "on the private server"},
  };
  command.run = run_migrate_init;
  return command;
}

}  // namespace pgpm::cli
