#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/status.h"

namespace pgpm::cli {

namespace {

std::size_t limit(const Invocation& invocation) {
  const std::string text = invocation.arguments.value("limit");
  if (text.empty()) return 50;
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number == 0)
    throw Error(ErrorCode::usage, fmt::format("--limit {}: a number from 1 is wanted", text));
  return number;
}

/// The ledger knows packages; a name that no module here has is taken as it is, since history
/// outlives modules.
std::vector<std::string> packages_of(const Invocation& invocation) {
  std::vector<std::string> names = invocation.arguments.values("package");
  names.insert(names.end(), invocation.arguments.positionals.begin(),
               invocation.arguments.positionals.end());
  if (names.empty()) return names;
  try {
    const Workspace workspace = load_workspace_of(invocation);
    for (std::string& name : names)
      if (const Module* module = workspace.find(name)) name = module->package;
  } catch (const Error&) {
    // Not in a workspace: then there are no other names for them.
  }
  return names;
}

Json entry_json(const HistoryEntry& entry) {
  Json json{{"kind", entry.kind}, {"at", entry.at}};
  const auto put = [&json](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = redact(text);
  };
  if (entry.run_id != 0) json["run_id"] = entry.run_id;
  put("by", entry.by);
  put("command", entry.command);
  put("outcome", entry.outcome);
  put("module", entry.module);
  put("change", entry.change);
  put("error_code", entry.error_code);
  put("error_message", entry.error_message);
  put("tool_version", entry.tool_version);
  put("git_commit", entry.git_commit);
  return json;
}

std::string outcome_of(const HistoryEntry& entry) {
  if (!entry.outcome.empty()) return entry.outcome;
  return entry.error_code.empty() && entry.error_message.empty() ? "ok" : "failed";
}

/// Widths of the columns that vary.
struct Columns {
  std::size_t by = 0, command = 0;
};

std::string entry_text(const HistoryEntry& entry, const Columns& columns, const Style& style) {
  const bool is_run = entry.kind == "run";
  const std::string outcome = pad(outcome_of(entry), 11);
  std::string what = entry.module;
  if (!entry.change.empty()) what += ":" + entry.change;
  std::string text =
      fmt::format("{}  {}  {} {} ", style.dim(pad(show_time(entry.at), 23)),
                  pad(printable(entry.by), columns.by), pad(entry.command, 8),
                  outcome_of(entry) == "ok" ? style.green(outcome) : style.red(outcome));
  text += is_run ? style.bold(fmt::format("run {}", entry.run_id)) : "";
  if (!what.empty()) text += "  " + printable(what);
  if (!entry.git_commit.empty()) text += style.dim("  at " + entry.git_commit.substr(0, 10));
  text += '\n';
  if (!entry.error_message.empty())
    text += fmt::format("{}{} {}\n", std::string(27, ' '), style.red(entry.error_code),
                        printable(redact(entry.error_message)));
  return text;
}

int run_log(Invocation& invocation) {
  const std::vector<HistoryEntry> entries =
      history(target_of(invocation), packages_of(invocation), limit(invocation), invocation.stop);
  Answer answer;
  Json list = Json::array();
  Columns columns;
  for (const HistoryEntry& entry : entries) {
    columns.by = std::max(columns.by, cells(entry.by));
    columns.command = std::max(columns.command, cells(entry.command));
  }
  for (const HistoryEntry& entry : entries) {
    list.push_back(entry_json(entry));
    answer.lines.push_back(dump_line(list.back()));
    answer.text += entry_text(entry, columns, invocation.terminal.out);
  }
  if (entries.empty()) answer.text = "There is no history.\n";
  answer.document = dump_document(Json{{"entries", list}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command log_command() {
  Command command;
  command.group = "Changes";
  command.summary = "show the history: runs and what they did, newest first";
  command.description =
      "Reads the ledger's runs and events: who deployed, verified or reverted what, when, from "
      "which git commit, and "
      "what failed. It never writes. It works outside a workspace, too.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: all that the ledger knows"}};
  command.options = with_connection({
      {"limit",
       'n',
       OptionKind::value,
       "N",
       "at most this many entries (default 50)",
       {"max-count"}},
      {"package",
       0,
       OptionKind::many_values,
       "MODULE",
       "a module, as if it were given as an argument",
       {"module"}},
  });
  command.examples = {
      {"pgpm log", "the last 50 entries"},
      {"pgpm log my-module --limit 10", "one module's"},
      {"pgpm log --format jsonl", "one entry per line for a program"},
  };
  command.run = run_log;
  return command;
}

}  // namespace pgpm::cli
