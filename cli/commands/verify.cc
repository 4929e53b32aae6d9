#include "pgpm/verify.h"

#include <charconv>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/run_options.h"

namespace pgpm::cli {

namespace {

std::size_t jobs(const Invocation& invocation) {
  const std::string text = invocation.arguments.value("jobs");
  if (text.empty()) return 1;
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number == 0 || number > 64)
    throw Error(ErrorCode::usage, fmt::format("--jobs {}: a number from 1 to 64 is wanted", text));
  return number;
}

int run_verify(Invocation& invocation) {
  VerifyOptions options;
  read_run_options(invocation, options);
  options.to = invocation.arguments.value("to");
  options.jobs = jobs(invocation);
  const Workspace workspace = load_workspace_of(invocation);
  options.modules = modules_of(invocation, workspace, ModuleRequest{});
  verify(workspace, target_of(invocation), options, invocation.reports, invocation.stop);
  return 0;
}

}  // namespace

Command verify_command() {
  Command command;
  command.group = "Changes";
  command.summary = "check that what is deployed is really there";
  command.description =
      "Runs the verify script of each deployed change in a transaction that is always rolled back. "
      "A failure does not "
      "stop it: every failing change is reported, and the exit status is 17. Managed objects of a "
      "module (see `pgpm help deploy`) that are gone, or not as they were when they were applied, "
      "are failures, too.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.options = with_connection(with_run_options(with_modules({
      {"to",
       0,
       OptionKind::value,
       "CHANGE|@TAG",
       "verify up to and including this change or tag",
       {"to-change", "toChange"}},
      {"jobs", 'j', OptionKind::value, "N", "use N connections at once (default 1)"},
  })));
  command.examples = {
      {"pgpm verify", "the module of the working directory"},
      {"pgpm verify --workspace --all --jobs 4", "every module, four connections"},
      {"pgpm verify my-module --to @v1.0.0", "only what belongs to a tag"},
  };
  command.run = run_verify;
  return command;
}

}  // namespace pgpm::cli
