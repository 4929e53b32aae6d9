// A graph of requirements as a tree of text, as DOT, Mermaid or SVG. Knows nothing of modules and
// changes: whoever draws says what the boxes are called and which state they are in.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/style.h"

namespace pgpm::cli {

struct DrawnGraph {
  enum class State { none, deployed, pending, edited, foreign };
  struct Node {
    std::string name;
    State state = State::none;
    std::string note;  ///< shown behind the name: tags
  };
  std::vector<Node> nodes;
  std::vector<std::pair<std::size_t, std::size_t>> edges;  ///< dependent, required
};

/// The colour of a box, "#rrggbb".
const char* fill_colour(DrawnGraph::State state);

/// What nothing requires stands at the left edge, what it requires below it. A node that was shown
/// with all it requires is not unfolded again.
std::string graph_tree(const DrawnGraph& graph, const Style& style);
std::string graph_dot(const DrawnGraph& graph);
std::string graph_mermaid(const DrawnGraph& graph);
std::string graph_svg(const DrawnGraph& graph);

}  // namespace pgpm::cli
