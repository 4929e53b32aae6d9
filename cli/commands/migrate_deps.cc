// Dependencies of changes, from the plans alone: what a change requires, directly and through
// others, and who requires it.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/suggest.h"
#include "pgpm/resolve.h"

namespace pgpm::cli {

namespace {

/// "package:change" -> what it requires, in plan order.
struct Graph {
  std::vector<std::string> changes;
  std::map<std::string, std::vector<std::string>> requires_changes, dependents;
};

Graph graph_of(const Resolution& resolution) {
  Graph graph;
  for (const ResolvedModule& resolved : resolution.modules) {
    const Module& module = *resolved.module;
    for (std::size_t i = 0; i < module.plan.changes.size(); ++i) {
      const std::string name = module.package + ":" + module.plan.changes[i].script_name;
      graph.changes.push_back(name);
      for (const ResolvedDependency& dependency : resolved.dependencies[i]) {
        if (dependency.kind != Dependency::Kind::requires_change) continue;
        graph.requires_changes[name].push_back(dependency.to_string());
        graph.dependents[dependency.to_string()].push_back(name);
      }
    }
  }
  return graph;
}

using Edges = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> at(const Edges& edges, const std::string& name) {
  const auto found = edges.find(name);
  return found == edges.end() ? std::vector<std::string>{} : found->second;
}

/// Everything reachable, nearest first, without the start.
std::vector<std::string> reachable(const Edges& edges, const std::string& start) {
  std::vector<std::string> found{start};
  std::set<std::string> seen{start};
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const std::string& next : at(edges, found[i]))
      if (seen.insert(next).second) found.push_back(next);
  found.erase(found.begin());
  return found;
}

Json change_json(const Graph& graph, const std::string& name) {
  return Json{{"change", name},
              {"requires", at(graph.requires_changes, name)},
              {"transitive", reachable(graph.requires_changes, name)},
              {"dependents", at(graph.dependents, name)},
              {"transitive_dependents", reachable(graph.dependents, name)}};
}

std::string list_text(const std::string& label, const std::vector<std::string>& names,
                      const Style& style) {
  if (names.empty()) return fmt::format("  {} {}\n", pad(label, 22), style.dim("-"));
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += fmt::format("  {} {}\n", pad(i == 0 ? label : "", 22), names[i]);
  return text;
}

std::vector<std::string> without(std::vector<std::string> all,
                                 const std::vector<std::string>& these) {
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const std::string& name) {
                             return std::find(these.begin(), these.end(), name) != these.end();
                           }),
            all.end());
  return all;
}

std::string change_text(const Graph& graph, const std::string& name, const Style& style) {
  const auto direct = at(graph.requires_changes, name);
  const auto dependents = at(graph.dependents, name);
  return style.bold(name) + "\n" + list_text("requires", direct, style) +
         list_text("  and through them", without(reachable(graph.requires_changes, name), direct),
                   style) +
         list_text("required by", dependents, style) +
         list_text("  and through them", without(reachable(graph.dependents, name), dependents),
                   style);
}

std::string overview_text(const Graph& graph, const std::vector<std::string>& names,
                          const Style& style) {
  std::string text;
  for (const std::string& name : names) {
    const auto direct = at(graph.requires_changes, name);
    text += name;
    if (!direct.empty()) text += style.dim(fmt::format("  requires {}", fmt::join(direct, ", ")));
    text += '\n';
  }
  return text.empty() ? "There are no changes.\n" : text;
}

/// "users" in the module at hand, or "shop:users"; a tag stands for its change.
std::string find_change(const Graph& graph, const Workspace& workspace, const Module* module,
                        const std::string& text) {
  const std::optional<ChangeRef> ref = ChangeRef::parse(text);
  if (!ref) throw Error(ErrorCode::usage, fmt::format("\"{}\" is no change reference", text));
  const Module* in = ref->module.empty() ? module : workspace.find(ref->module);
  if (in != nullptr) {
    const Change& change = in->plan.changes[in->plan.resolve(*ref)];
    return in->package + ":" + change.script_name;
  }
  // No module is at hand: the name must say by itself which change is meant.
  std::vector<std::string> matches, names;
  for (const std::string& name : graph.changes) {
    names.push_back(name.substr(name.find(':') + 1));
    if (names.back() == text) matches.push_back(name);
  }
  if (matches.size() == 1) return matches.front();
  if (matches.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("no plan has a change \"{}\"{}", text, did_you_mean(text, names)));
  throw Error(ErrorCode::usage, fmt::format("several modules have a change \"{}\"", text))
      .hint(fmt::format("Write one of: {}.", fmt::join(matches, ", ")));
}

int run_migrate_deps(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  const std::vector<std::string> modules =
      modules_of(invocation, workspace, request, Positionals::something_else);
  const Graph graph = graph_of(resolve(workspace, {}));
  const Module* module = modules.size() == 1 ? workspace.find(modules.front()) : nullptr;
  std::vector<std::string> names;
  for (const std::string& name : graph.changes)
    if (module == nullptr || name.rfind(module->package + ":", 0) == 0) names.push_back(name);
  Answer answer;
  const bool names_one = !invocation.arguments.positionals.empty();
  if (names_one) {
    names = {find_change(graph, workspace, module, invocation.arguments.positionals.front())};
    answer.text = change_text(graph, names.front(), invocation.terminal.out);
  } else {
    answer.text = overview_text(graph, names, invocation.terminal.out);
  }
  Json list = Json::array();
  for (const std::string& name : names) {
    list.push_back(change_json(graph, name));
    answer.lines.push_back(dump_line(list.back()));
  }
  answer.document = dump_document(Json{{"changes", list}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command migrate_deps_command() {
  Command command;
  command.group = "Ledger";
  command.summary = "show what a change requires and what requires it";
  command.description =
      "Read from the plans; no database is needed. Without a change it lists all of the module (or "
      "workspace) with their "
      "direct requirements.";
  command.positionals = {
      {"CHANGE", Positional::Count::optional, "a change, @tag, or module:change"}};
  command.options = with_modules({
      {"offline", 0, OptionKind::flag, "",
       "accepted for symmetry with list: no database is used anyway"},
  });
  command.examples = {
      {"pgpm migrate deps tables/users", "one change of the module"},
      {"pgpm migrate deps shop:tables/orders --format json",
       "a change of another module, for a program"},
  };
  command.run = run_migrate_deps;
  return command;
}

}  // namespace pgpm::cli
