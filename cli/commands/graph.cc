#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/process.h"
#include "cli/render/graph.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/dependency_graph.h"
#include "pgpm/status.h"

namespace pgpm::cli {

namespace {

using States = std::map<std::string, DrawnGraph::State>;

/// A database is asked only if one was named: a graph of the files needs none.
bool names_a_database(const Arguments& arguments) {
  const auto options = connection_options();
  return std::any_of(options.begin(), options.end(), [&](const Option& option) {
    return arguments.given(option.name).has_value() || arguments.is_on(option.name);
  });
}

DrawnGraph::State state_of(const std::string& status) {
  if (status == "deployed") return DrawnGraph::State::deployed;
  if (status == "edited") return DrawnGraph::State::edited;
  return status == "pending" ? DrawnGraph::State::pending : DrawnGraph::State::none;
}

/// By node name. A module is deployed if all its changes are, edited if one of them is.
States states_of(const Invocation& invocation, const Workspace& workspace,
                 const std::vector<std::string>& modules) {
  States states;
  if (!names_a_database(invocation.arguments)) return states;
  for (const ListedChange& change :
       list_changes(workspace, target_of(invocation), modules, invocation.stop)) {
    const DrawnGraph::State state = state_of(change.status);
    states[change.module + ":" + change.change] = state;
    DrawnGraph::State& module = states.emplace(change.module, state).first->second;
    if (state == DrawnGraph::State::edited || module == DrawnGraph::State::deployed) module = state;
  }
  return states;
}

DrawnGraph drawn(const DependencyGraph& graph, const States& states) {
  DrawnGraph picture;
  picture.edges = graph.edges;
  for (const GraphNode& node : graph.nodes) {
    const auto state = states.find(node.name);
    std::string tags;
    for (const std::string& tag : node.tags) tags += (tags.empty() ? "@" : " @") + tag;
    picture.nodes.push_back({node.name,
                             node.kind == GraphNode::Kind::native_extension
                                 ? DrawnGraph::State::foreign
                             : state == states.end() ? DrawnGraph::State::none
                                                     : state->second,
                             tags});
  }
  return picture;
}

const char* kind_name(GraphNode::Kind kind) {
  switch (kind) {
    case GraphNode::Kind::module:
      return "module";
    case GraphNode::Kind::native_extension:
      return "extension";
    case GraphNode::Kind::change:
      return "change";
  }
  return "";
}

const char* state_name(DrawnGraph::State state) {
  switch (state) {
    case DrawnGraph::State::deployed:
      return "deployed";
    case DrawnGraph::State::pending:
      return "pending";
    case DrawnGraph::State::edited:
      return "edited";
    case DrawnGraph::State::none:
    case DrawnGraph::State::foreign:
      return "";
  }
  return "";
}

Json json_of(const DependencyGraph& graph, const DrawnGraph& picture) {
  Json nodes = Json::array(), edges = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Json node{{"name", graph.nodes[i].name}, {"kind", kind_name(graph.nodes[i].kind)}};
    if (!graph.nodes[i].tags.empty()) node["tags"] = graph.nodes[i].tags;
    const std::string state = state_name(picture.nodes[i].state);
    if (!state.empty()) node["status"] = state;
    nodes.push_back(std::move(node));
  }
  for (const auto& [dependent, required] : graph.edges)
    edges.push_back(
        Json{{"from", graph.nodes[dependent].name}, {"to", graph.nodes[required].name}});
  return Json{{"nodes", nodes}, {"edges", edges}};
}

/// By Graphviz, whose layout is better; nullopt where it is not installed.
std::optional<std::string> svg_by_graphviz(const std::string& dot) {
  std::string file = (std::filesystem::temp_directory_path() / "pgpm-graph-XXXXXX").string();
  const int descriptor = ::mkstemp(file.data());
  if (descriptor < 0) return std::nullopt;
  const bool written =
      ::write(descriptor, dot.data(), dot.size()) == static_cast<ssize_t>(dot.size());
  ::close(descriptor);
  auto svg = written ? output_of({"dot", "-Tsvg", file}) : std::nullopt;
  ::unlink(file.c_str());
  return svg;
}

std::string text_of(const Invocation& invocation, const DrawnGraph& picture) {
  const std::string format = invocation.arguments.value("format");
  if (format == "dot") return graph_dot(picture);
  if (format == "mermaid") return graph_mermaid(picture);
  if (format == "svg") return svg_by_graphviz(graph_dot(picture)).value_or(graph_svg(picture));
  return picture.nodes.empty() ? "There is nothing to draw.\n"
                               : graph_tree(picture, invocation.terminal.out);
}

int run_graph(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  const std::vector<std::string> modules = modules_of(invocation, workspace, request);
  const Resolution resolution = resolve(workspace, modules);
  const DependencyGraph graph =
      invocation.arguments.is_on("changes") ? change_graph(resolution) : module_graph(resolution);
  const DrawnGraph picture = drawn(graph, states_of(invocation, workspace, modules));
  Answer answer;
  answer.text = text_of(invocation, picture);
  answer.document = dump_document(json_of(graph, picture));
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command graph_command() {
  Command command;
  command.group = "Files";
  command.summary = "draw which modules or changes require which";
  command.description =
      "A tree of text: what nothing requires at the left, what it requires below it. Or DOT, "
      "Mermaid "
      "or SVG for other programs (SVG by Graphviz if that is installed). Read from the files; if a "
      "database is named, what is deployed there is green, what is pending yellow, what was edited "
      "since red.";
  command.options = with_connection(with_modules({
      {"changes", 0, OptionKind::flag, "", "changes instead of modules"},
      {"format",
       0,
       OptionKind::value,
       "FORMAT",
       "form of the output",
       {},
       {"text", "json", "jsonl", "dot", "mermaid", "svg"}},
  }));
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.examples = {
      {"pgpm graph --workspace --all", "the modules of the workspace"},
      {"pgpm graph --changes --format svg -d shop > changes.svg",
       "a picture of the module's changes, coloured by what is deployed in shop"},
  };
  command.run = run_graph;
  return command;
}

}  // namespace pgpm::cli
