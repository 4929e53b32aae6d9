#include "pgpm/status.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/render/worklist.h"
#include "cli/run_options.h"

namespace pgpm::cli {

namespace {

constexpr std::size_t shown_pending = 20;
constexpr std::size_t label_width = 12;

Json optional_text(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

/// For programs a tag is its name; the @ is how it is written for people.
std::optional<std::string> without_at(std::optional<std::string> tag) {
  if (tag && !tag->empty() && tag->front() == '@') tag->erase(0, 1);
  return tag;
}

Json objects_json(const ModuleStatus::Objects& objects) {
  Json pending = Json::array();
  for (const ObjectChange& change : objects.pending)
    pending.push_back(Json{{"change", object_change_name(change.what)},
                           {"kind", change.kind},
                           {"name", change.name},
                           {"file", change.file}});
  return Json{{"managed", objects.managed}, {"pending", pending}};
}

Json module_json(const ModuleStatus& module) {
  Json json{{"module", module.module},
            {"deployed", module.deployed},
            {"pending", module.pending},
            {"tag", optional_text(without_at(module.tag))},
            {"last_change", optional_text(module.last_change)},
            {"last_deployed_at", optional_text(module.last_deployed_at)},
            {"deployed_by", optional_text(module.deployed_by)},
            {"edited", module.edited},
            {"interrupted", module.interrupted}};
  if (module.objects) json["objects"] = objects_json(*module.objects);
  return json;
}

std::string list_text(const std::string& label, const std::vector<std::string>& names,
                      std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    text += fmt::format("  {}{}\n", pad(i == 0 ? label : "", label_width), printable(names[i]));
  if (names.size() > most)
    text += fmt::format("  {}... and {} more (-v shows all)\n", pad("", label_width),
                        names.size() - most);
  return text;
}

std::string objects_text(const ModuleStatus::Objects& objects, std::size_t most) {
  std::vector<std::string> lines{
      fmt::format("{} managed, {}", objects.managed,
                  objects.pending.empty() ? "nothing pending"
                                          : fmt::format("{} pending", objects.pending.size()))};
  for (const ObjectChange& change : objects.pending)
    lines.push_back(fmt::format("{} {}", object_change_name(change.what),
                                object_words(change.kind, change.name)));
  return list_text("objects", lines, most);
}

std::string module_text(const ModuleStatus& module, std::size_t name_width, std::size_t most,
                        const Style& style) {
  std::string text =
      style.bold(pad(module.module, name_width)) + fmt::format("  {} deployed", module.deployed);
  if (module.pending.empty())
    text += ", " + style.green("nothing pending");
  else
    text += ", " + style.yellow(fmt::format("{} pending", module.pending.size()));
  if (module.tag) text += "  " + style.cyan(*module.tag);
  text += '\n';
  if (module.last_change)
    text += fmt::format(
        "  {}{}{}{}\n", pad("last", label_width), printable(*module.last_change),
        style.dim(module.last_deployed_at ? ", " + show_time(*module.last_deployed_at) : ""),
        style.dim(module.deployed_by ? " by " + *module.deployed_by : ""));
  text += list_text("pending", module.pending, most);
  text += list_text("edited", module.edited, std::string::npos);
  text += list_text("interrupted", module.interrupted, std::string::npos);
  text += list_text("not in plan", module.unplanned, std::string::npos);
  if (module.objects) text += objects_text(*module.objects, most);
  return text;
}

std::string report_text(const StatusReport& report, std::size_t most, const Style& style) {
  std::string text = fmt::format("Database {}\n", style.bold(report.database));
  if (!report.ledger_installed) text += "Nothing has been deployed to it by pgpm yet.\n";
  std::size_t width = 0;
  for (const ModuleStatus& module : report.modules) width = std::max(width, cells(module.module));
  for (const ModuleStatus& module : report.modules)
    text += "\n" + module_text(module, width, most, style);
  return text;
}

Answer answer_of(const StatusReport& report, std::size_t most, const Style& style) {
  Answer answer;
  Json modules = Json::array();
  for (const ModuleStatus& module : report.modules) {
    modules.push_back(module_json(module));
    Json line{{"database", report.database}};
    line.update(modules.back());
    answer.lines.push_back(dump_line(line));
  }
  answer.text = report_text(report, most, style);
  answer.document = dump_document(Json{{"database", report.database}, {"modules", modules}});
  return answer;
}

bool has_pending(const StatusReport& report) {
  return std::any_of(report.modules.begin(), report.modules.end(), [](const ModuleStatus& module) {
    const bool has_objects = module.objects && !module.objects->pending.empty();
    return !module.pending.empty() || has_objects;
  });
}

int run_status(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  const std::vector<std::string> modules = modules_of(invocation, workspace, request);
  const StatusReport report = status(workspace, target_of(invocation), modules, invocation.stop);
  const std::size_t most =
      invocation.arguments.is_on("verbose") ? std::string::npos : shown_pending;
  invocation.reports.answer(answer_of(report, most, invocation.terminal.out));
  return invocation.arguments.is_on("exit-code") && has_pending(report) ? 1 : 0;
}

}  // namespace

Command status_command() {
  Command command;
  command.group = "Changes";
  command.summary = "show what is deployed and what is pending";
  command.description =
      "Per module: how many changes are deployed, which are pending, the current tag, the last "
      "change, edited scripts, "
      "changes whose run was interrupted, and of managed objects how many there are and what the "
      "next "
      "deploy does to them. At a workspace's root it shows all modules. It never "
      "writes.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.options = with_connection(with_modules({
      {"exit-code",
       0,
       OptionKind::flag,
       "",
       "exit with 1 if changes or managed objects are pending",
       {"exitCode"}},
  }));
  command.examples = {
      {"pgpm status", "the module of the working directory, or all at the workspace's root"},
      {"pgpm status --workspace --all --format json", "for a program"},
      {"pgpm status my-module --exit-code || pgpm deploy my-module", "in a script"},
  };
  command.run = run_status;
  return command;
}

}  // namespace pgpm::cli
