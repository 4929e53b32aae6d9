#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/status.h"

namespace pgpm::cli {

namespace {

Json change_json(const ListedChange& change) {
  Json json{{"module", change.module},
            {"change", change.change},
            {"requires", change.requires_changes},
            {"conflicts", change.conflicts},
            {"tags", change.tags},
            {"status", change.status}};
  if (!change.deployed_at.empty()) json["deployed_at"] = change.deployed_at;
  if (!change.deployed_by.empty()) json["deployed_by"] = change.deployed_by;
  return json;
}

std::string painted_status(const ListedChange& change, const Style& style) {
  const std::string text = pad(change.status, 9);
  if (change.status == "deployed") return style.green(text);
  if (change.status == "edited") return style.red(text);
  return change.status == "pending" ? style.yellow(text) : style.dim(text);
}

std::string change_text(const ListedChange& change, std::size_t width, const Style& style) {
  std::string text =
      fmt::format("  {} {}", painted_status(change, style), pad(printable(change.change), width));
  for (const std::string& tag : change.tags)
    text += " " + style.cyan(tag.front() == '@' ? tag : "@" + tag);
  if (!change.requires_changes.empty())
    text += style.dim(fmt::format("  requires {}", fmt::join(change.requires_changes, ", ")));
  if (!change.conflicts.empty())
    text += style.dim(fmt::format("  conflicts {}", fmt::join(change.conflicts, ", ")));
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string list_text(const std::vector<ListedChange>& changes, const Style& style) {
  if (changes.empty()) return "There are no changes.\n";
  std::size_t width = 0;
  for (const ListedChange& change : changes)
    width = std::min<std::size_t>(48, std::max(width, cells(change.change)));
  std::string text, module;
  for (const ListedChange& change : changes) {
    if (change.module != module)
      text += (text.empty() ? "" : "\n") + style.bold(change.module) + "\n";
    module = change.module;
    text += change_text(change, width, style);
  }
  return text;
}

int run_migrate_list(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  const std::vector<std::string> modules = modules_of(invocation, workspace, request);
  std::optional<Target> target;
  if (!invocation.arguments.is_on("offline")) target = target_of(invocation);
  const std::vector<ListedChange> changes =
      list_changes(workspace, target, modules, invocation.stop);
  Answer answer;
  Json list = Json::array();
  for (const ListedChange& change : changes) {
    list.push_back(change_json(change));
    answer.lines.push_back(dump_line(list.back()));
  }
  answer.text = list_text(changes, invocation.terminal.out);
  answer.document = dump_document(Json{{"changes", list}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command migrate_list_command() {
  Command command;
  command.group = "Ledger";
  command.summary = "list planned changes and whether each is deployed";
  command.description =
      "One line per change in plan order: deployed, pending or edited, its tags and what it "
      "requires. With --offline no "
      "database is needed, and the status is unknown.";
  command.positionals = {{"MODULE", Positional::Count::any,
                          "modules; default: the one of the working directory, or all"}};
  command.options = with_connection(with_modules({
      {"offline", 0, OptionKind::flag, "", "from the plans alone, without a database"},
  }));
  command.examples = {
      {"pgpm migrate list", "the module of the working directory"},
      {"pgpm migrate list --offline --format json", "the plan, for a program"},
  };
  command.run = run_migrate_list;
  return command;
}

}  // namespace pgpm::cli
