#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/sql_test.h"

namespace pgpm::cli {

namespace {

Json json_of(const SqlTestStep& step) {
  Json value{{"module", step.module},
             {"ordinal", step.ordinal},
             {"kind", step.kind},
             {"directory", step.directory},
             {"depth", step.depth}};
  if (!step.path.empty()) value["path"] = step.path;
  return value;
}

/// Teardowns are for programs; people see what runs, and below what.
std::string list_text(const std::vector<SqlTestStep>& steps, const Style& style) {
  std::string text, module;
  for (const SqlTestStep& step : steps) {
    if (step.kind == "teardown") continue;
    if (step.module != module) text += style.bold(printable(step.module)) + "\n";
    module = step.module;
    text += fmt::format("  {}{}\n", printable(step.path),
                        step.kind == "fixture" ? style.dim("  (fixture)") : "");
  }
  return text.empty() ? "There are no tests.\n" : text;
}

int list(Invocation& invocation, const std::vector<SqlTestStep>& steps) {
  Answer answer;
  Json document{{"steps", Json::array()}};
  for (const SqlTestStep& step : steps) {
    document["steps"].push_back(json_of(step));
    answer.lines.push_back(dump_line(json_of(step)));
  }
  answer.text = list_text(steps, invocation.terminal.out);
  answer.document = dump_document(document);
  invocation.reports.answer(answer);
  return 0;
}

int run_test(Invocation& invocation) {
  SqlTestOptions options;
  read_run_options(invocation, options);
  options.pattern = invocation.arguments.value("pattern");
  options.fail_fast = invocation.arguments.is_on("fail-fast");
  const Workspace workspace = load_workspace_of(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  options.modules = modules_of(invocation, workspace, request);
  const Target target = target_of(invocation);
  if (invocation.arguments.is_on("list"))
    return list(invocation, plan_sql_tests(workspace, target, options, invocation.stop));
  run_sql_tests(workspace, target, options, invocation.reports, invocation.stop);
  return 0;
}

/// Nothing is recorded and no other run is in the way; required modules' tests are their own.
std::vector<Option> without_ledger_options(std::vector<Option> options) {
  std::erase_if(options, [](const Option& option) {
    return option.name == "lock-wait" || option.name == "recursive";
  });
  for (Option& option : options)
    if (option.name == "strict") option.description = "what a test leaves behind is a failure";
  return options;
}

}  // namespace

Command test_command() {
  Command command;
  command.group = "Changes";
  command.summary = "run the SQL tests of deployed modules";
  command.description =
      "Runs the SQL files below __test__ and __tests__ directories of a module against the "
      "database it is deployed in. "
      "A test fails by raising an error; with the extension pgtap its \"not ok\" lines count, "
      "too. _setup.sql is a "
      "fixture: it runs once before the tests of its directory and of those below it, which all "
      "see it. Each test is "
      "rolled back before the next one runs, and everything at the end.\n\n"
      "Exit status 17 if a test failed. What a test leaves behind although it is rolled back (a "
      "sequence's number, a "
      "session lock) is named as a warning. No tests at all is no failure; a pattern that "
      "matches none is one (status 10).";
  command.positionals = {
      {"MODULE", Positional::Count::any,
       "modules; default: the one of the working directory, else all of the workspace"}};
  command.options = with_connection(without_ledger_options(with_run_options(with_modules({
      {"pattern", 0, OptionKind::value, "REGEX",
       "only tests whose path (./__tests__/test_a.sql) matches this regular expression"},
      {"list", 0, OptionKind::flag, "", "show the tests in the order they run, run nothing"},
      {"fail-fast", 0, OptionKind::flag, "", "skip what is left after a failure"},
  }))));
  command.examples = {
      {"pgpm test", "the module of the working directory"},
      {"pgpm test my-module --pattern /auth/", "only tests with /auth/ in their path"},
      {"pgpm test --list", "which tests there are, in their order"},
  };
  command.run = run_test;
  return command;
}

}  // namespace pgpm::cli
