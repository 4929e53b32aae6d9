#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/change_details.h"

namespace pgpm::cli {

namespace {

std::string field(const Style& style, std::string_view label, const std::string& value) {
  return value.empty() ? std::string()
                       : fmt::format("  {} {}\n", style.dim(pad(label, 11)), printable(value));
}

std::string list_field(const Style& style, std::string_view label,
                       const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += field(style, text.empty() ? label : "", value);
  }
  return text;
}

std::size_t lines_of(const std::string& text) {
  const auto ends = std::count(text.begin(), text.end(), '\n');
  return static_cast<std::size_t>(ends) + (text.empty() || text.back() == '\n' ? 0U : 1U);
}

std::string ledger_text(const ChangeDetails& details, const Style& style) {
  std::string status = details.status;
  if (!details.deployed_at.empty()) status += ", " + show_time(details.deployed_at);
  if (!details.deployed_by.empty()) status += " by " + details.deployed_by;
  std::string text = details.status == "unknown" ? "" : field(style, "status", status);
  for (const HistoryEntry& entry : details.history) {
    std::string event = fmt::format("{}  {} {}", show_time(entry.at), entry.command, entry.outcome);
    if (!entry.by.empty()) event += " by " + entry.by;
    if (!entry.error_message.empty()) event += ": " + redact(entry.error_message);
    text += field(style, &entry == &details.history.front() ? "history" : "", event);
  }
  return text;
}

std::string text_of(const ChangeDetails& details, const Style& style, bool with_sql) {
  std::string text = style.bold(details.module + ":" + details.change);
  for (const std::string& tag : details.tags) text += " " + style.cyan("@" + tag);
  text += "\n" + field(style, "planned", details.planned_at.to_string());
  if (!details.planner.empty())
    text += field(
        style, "planner",
        fmt::format("{} <{}>, {}", details.planner, details.email, show_time(details.timestamp)));
  text += field(style, "note", details.note);
  text += list_field(style, "requires", details.requires_changes);
  text += list_field(style, "conflicts", details.conflicts);
  text += list_field(style, "required by", details.dependents);
  for (const ChangeScript& script : details.scripts)
    text += field(style, script.kind,
                  script.exists
                      ? fmt::format("{} ({})", script.file, count(lines_of(script.text), "line"))
                      : "missing");
  text += ledger_text(details, style);
  if (!with_sql) return text;
  for (const ChangeScript& script : details.scripts) {
    if (!script.exists) continue;
    text += fmt::format("\n{}\n{}", style.bold("-- " + script.file), printable(script.text));
    if (text.back() != '\n') text += '\n';
  }
  return text;
}

Json history_json(const std::vector<HistoryEntry>& history) {
  Json list = Json::array();
  for (const HistoryEntry& entry : history) {
    Json json{{"at", entry.at}, {"event", entry.command}, {"outcome", entry.outcome}};
    if (!entry.by.empty()) json["by"] = entry.by;
    if (entry.run_id != 0) json["run_id"] = entry.run_id;
    if (!entry.error_code.empty()) json["error_code"] = entry.error_code;
    if (!entry.error_message.empty()) json["error_message"] = redact(entry.error_message);
    list.push_back(std::move(json));
  }
  return list;
}

Json json_of(const ChangeDetails& details, bool with_sql) {
  Json scripts = Json::array();
  for (const ChangeScript& script : details.scripts) {
    Json json{{"kind", script.kind}, {"file", script.file}, {"exists", script.exists}};
    if (with_sql && script.exists) json["text"] = script.text;
    scripts.push_back(std::move(json));
  }
  Json json{{"module", details.module},
            {"change", details.change},
            {"file", details.planned_at.file},
            {"line", details.planned_at.line},
            {"tags", details.tags},
            {"requires", details.requires_changes},
            {"conflicts", details.conflicts},
            {"dependents", details.dependents},
            {"scripts", scripts},
            {"status", details.status}};
  const auto put = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  put("planner", details.planner);
  put("email", details.email);
  put("timestamp", details.timestamp);
  put("note", details.note);
  put("deployed_at", details.deployed_at);
  put("deployed_by", details.deployed_by);
  put("script_hash", details.script_hash);
  if (details.status != "unknown") json["history"] = history_json(details.history);
  return json;
}

int run_show(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  std::optional<Target> target;
  if (!invocation.arguments.is_on("offline")) target = target_of(invocation);
  const ChangeDetails details = change_details(
      workspace, module, invocation.arguments.positionals.front(), target, invocation.stop);
  const bool with_sql = invocation.arguments.is_on("sql");
  Answer answer;
  answer.text = text_of(details, invocation.terminal.out, with_sql);
  answer.document = dump_document(json_of(details, with_sql));
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command show_command() {
  Command command;
  command.group = "Changes";
  command.summary = "show all that is known of one change";
  command.description =
      "Its plan line, tags and note, what it requires and what of the workspace requires it, its "
      "scripts, and what the ledger says: deployed, edited or pending, since when, by whom, and "
      "its last 20 events. Of a reworked change the newest instance is meant; CHANGE@TAG means an "
      "earlier one. Nothing is written. With --offline no database is needed.";
  command.positionals = {
      {"CHANGE|@TAG", Positional::Count::required, "a change, or the change a tag stands at"}};
  command.options = with_connection({
      {"sql", 0, OptionKind::flag, "", "show what is in the scripts, too"},
      {"offline", 0, OptionKind::flag, "", "from the files alone, without a database"},
      one_module_option(),
  });
  command.examples = {
      {"pgpm show tables/users", "a change, and what the ledger says of it"},
      {"pgpm show @v1.0.0 --offline --sql",
       "the tagged change with its scripts, without a database"},
  };
  command.run = run_show;
  return command;
}

}  // namespace pgpm::cli
