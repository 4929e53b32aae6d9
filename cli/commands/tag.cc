#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/planner.h"
#include "cli/render/json_values.h"
#include "cli/sqitch_target.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

int run_tag(Invocation& invocation) {
  if (const auto change = invocation.arguments.given("change"); change && change->empty())
    throw Error(ErrorCode::usage, "--change is empty").hint("Leave it out to tag the last change.");
  std::string tag = invocation.arguments.positionals.front();
  if (!tag.empty() && tag.front() == '@') tag.erase(0, 1);
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const std::string change = add_tag(
      module, tag, invocation.arguments.value("change"), invocation.arguments.value("message"),
      authorship(invocation.environment, invocation.dir, sqitch_user(invocation)));
  Answer answer;
  answer.text = fmt::format("Tagged {}:{} with {}.\n", module.package, change,
                            invocation.terminal.out.cyan("@" + tag));
  answer.document =
      dump_document(Json{{"module", module.package}, {"tag", "@" + tag}, {"change", change}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command tag_command() {
  Command command;
  command.group = "Files";
  command.summary = "give the last planned change (or another) a tag";
  command.description =
      "Writes a tag line behind the change in pgpm.plan and touches no other byte of it. The "
      "planner is git's user.name "
      "and user.email. The tag is recorded in a database when its change is deployed there.";
  command.positionals = {
      {"NAME", Positional::Count::required, "the tag; a leading @ may be given"}};
  command.options = {
      {"message", 'm', OptionKind::value, "TEXT", "a note", {"comment", "note"}},
      {"change",
       0,
       OptionKind::value,
       "NAME",
       "the change to tag (default: the last one)",
       {"changeName", "change-name"}},
      one_module_option(),
  };
  command.examples = {
      {"pgpm tag v1.0.0 -m \"Initial release\"", "the last change, with a note"},
      {"pgpm tag v0.9.0 --change tables/users", "an earlier change"},
  };
  command.run = run_tag;
  return command;
}

}  // namespace pgpm::cli
