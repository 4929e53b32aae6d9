#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/output.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/ledger.h"

namespace pgpm::cli {

namespace {

int emit(Invocation& invocation, const std::string& sql) {
  const std::string file = invocation.arguments.value("emit-ledger");
  Answer answer;
  answer.text = sql;
  answer.document = dump_document(Json{{"sql", sql}});
  if (file != "-") {
    FileOutput(invocation.dir / file).write(sql);
    answer.text = fmt::format("Wrote {}.\n", file);
    answer.document = dump_document(Json{{"file", file}});
  }
  invocation.reports.answer(answer);
  return 0;
}

int run_migrate_baseline(Invocation& invocation) {
  DeployOptions options;
  read_run_options(invocation, options);
  options.log_only = true;
  options.verify = false;
  options.scope = transaction_scope(invocation, TransactionScope::module);
  const Workspace workspace = load_sound_workspace_of(invocation);
  options.modules = modules_of(invocation, workspace, ModuleRequest{});
  if (invocation.arguments.given("emit-ledger"))
    return emit(invocation, baseline_sql(workspace, options.modules));
  const Target target = target_of(invocation);
  if (invocation.arguments.is_on("dry-run")) {
    answer_dry_run(invocation, plan_deploy(workspace, target, options, invocation.stop));
    return 0;
  }
  deploy(workspace, target, options, invocation.reports, invocation.stop,
         approval(invocation, Asking::on_terminal, "Record without running"));
  return 0;
}

}  // namespace

Command migrate_baseline_command() {
  Command command;
  command.group = "Ledger";
  command.summary = "record planned changes as deployed without running them";
  command.description =
      "For a database that has the objects already, made by hand or by another tool: the ledger is "
      "filled, no script is "
      "run. --emit-ledger writes the SQL that would do so instead, for somebody else to run.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.options = with_connection(with_run_options(with_retry(with_dry_run(with_modules({
      {"emit-ledger",
       0,
       OptionKind::value,
       "FILE",
       "write the SQL to a file (- = standard output); no database is used",
       {"emitLedger"}},
      transaction_option("module"),
  })))));
  command.examples = {
      {"pgpm migrate baseline --database shop", "everything planned counts as deployed"},
      {"pgpm migrate baseline --workspace --all --emit-ledger baseline.sql",
       "as SQL, without a database"},
  };
  command.run = run_migrate_baseline;
  return command;
}

}  // namespace pgpm::cli
