#include "cli/render/graph.h"

#include <fmt/format.h>

namespace pgpm::cli {
namespace {

using State = DrawnGraph::State;

std::string painted(const DrawnGraph::Node& node, const Style& style) {
  std::string text = printable(node.name);
  if (node.state == State::deployed) text = style.green(text);
  if (node.state == State::pending) text = style.yellow(text);
  if (node.state == State::edited) text = style.red(text);
  if (node.state == State::foreign) text = style.dim(text);
  return node.note.empty() ? text : text + " " + style.cyan(printable(node.note));
}

/// Writes one root after the other. A stack instead of recursion: a plan may be one long chain.
class Tree {
 public:
  Tree(const DrawnGraph& graph, const Style& style)
      : graph_(graph), style_(style), required_(graph.nodes.size()), unfolded_(graph.nodes.size()) {
    for (const auto& [dependent, other] : graph.edges) required_[dependent].push_back(other);
  }

  std::string text() {
    std::vector<bool> is_required(graph_.nodes.size());
    for (const auto& edge : graph_.edges) is_required[edge.second] = true;
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      if (!is_required[node]) write(node);
    return std::move(text_);
  }

 private:
  struct Line {
    std::size_t node;
    std::string before, below;  // what stands before the name, and before the names below it
  };

  void write(std::size_t root) {
    std::vector<Line> lines{{root, "", ""}};
    while (!lines.empty()) {
      const Line line = std::move(lines.back());
      lines.pop_back();
      const auto& required = required_[line.node];
      const bool again = unfolded_[line.node] && !required.empty();
      text_ += style_.dim(line.before) + painted(graph_.nodes[line.node], style_) +
               (again ? style_.dim(" (see above)") : "") + "\n";
      if (again) continue;
      unfolded_[line.node] = true;
      for (std::size_t i = required.size(); i-- > 0;) {
        const bool last = i + 1 == required.size();
        lines.push_back({required[i], line.below + (last ? "`- " : "|- "),
                         line.below + (last ? "   " : "|  ")});
      }
    }
  }

  const DrawnGraph& graph_;
  const Style& style_;
  std::vector<std::vector<std::size_t>> required_;
  std::vector<bool> unfolded_;
  std::string text_;
};

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// Mermaid has entities instead of escapes.
std::string mermaid_label(const DrawnGraph::Node& node) {
  std::string text = "\"";
  for (const char c : node.note.empty() ? node.name : node.name + " " + node.note) {
    if (c == '"')
      text += "#quot;";
    else if (c == '#')
      text += "#35;";
    else if (c == '<')
      text += "#lt;";
    else
      text += c;
  }
  return text + '"';
}

const char* class_name(State state) {
  switch (state) {
    case State::deployed:
      return "deployed";
    case State::pending:
      return "pending";
    case State::edited:
      return "edited";
    case State::foreign:
      return "foreign";
    case State::none:
      return "";
  }
  return "";
}

}  // namespace

const char* fill_colour(DrawnGraph::State state) {
  switch (state) {
    case State::deployed:
      return "#d7f0d7";
    case State::pending:
      return "#fdf2c8";
    case State::edited:
      return "#f7d4d4";
    case State::foreign:
      return "#eeeeee";
    case State::none:
      return "#ffffff";
  }
  return "#ffffff";
}

std::string graph_tree(const DrawnGraph& graph, const Style& style) {
  return Tree(graph, style).text();
}

std::string graph_dot(const DrawnGraph& graph) {
  std::string text =
      "digraph pgpm {\n  rankdir=BT;\n"
      "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fillcolor=white];\n";
  for (const DrawnGraph::Node& node : graph.nodes) {
    const std::string label = node.note.empty() ? node.name : node.name + " " + node.note;
    text += fmt::format("  {} [label={}, fillcolor=\"{}\"];\n", quoted(node.name), quoted(label),
                        fill_colour(node.state));
  }
  for (const auto& [dependent, required] : graph.edges)
    text += fmt::format("  {} -> {};\n", quoted(graph.nodes[dependent].name),
                        quoted(graph.nodes[required].name));
  return text + "}\n";
}

std::string graph_mermaid(const DrawnGraph& graph) {
  std::string text = "flowchart BT\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const std::string state = class_name(graph.nodes[i].state);
    text += fmt::format("  n{}[{}]{}\n", i, mermaid_label(graph.nodes[i]),
                        state.empty() ? "" : ":::" + state);
  }
  for (const auto& [dependent, required] : graph.edges)
    text += fmt::format("  n{} --> n{}\n", dependent, required);
  for (const State state : {State::deployed, State::pending, State::edited, State::foreign})
    text +=
        fmt::format("  classDef {} fill:{},stroke:#555\n", class_name(state), fill_colour(state));
  return text;
}

}  // namespace pgpm::cli
