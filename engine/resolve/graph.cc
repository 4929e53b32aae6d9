// The algorithms, by Boost.Graph. It must not know what a node is. Surprising: none of them
// recurses, so a chain of any length needs no stack.
#include "engine/resolve/graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>
#include <functional>
#include <queue>

namespace pgpm {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Numbers = std::vector<std::size_t>;

Graph build(const std::vector<Numbers>& requirements) {
  Graph graph(requirements.size());
  for (std::size_t node = 0; node < requirements.size(); ++node)
    for (const std::size_t required : requirements[node]) boost::add_edge(node, required, graph);
  return graph;
}

/// The nodes reached from `start`, each with the one it was reached from (itself for those never
/// reached).
Numbers predecessors(const Graph& graph, std::size_t start) {
  Numbers reached_from(boost::num_vertices(graph));
  for (std::size_t node = 0; node < reached_from.size(); ++node) reached_from[node] = node;
  boost::breadth_first_search(graph, start,
                              boost::visitor(boost::make_bfs_visitor(boost::record_predecessors(
                                  reached_from.data(), boost::on_tree_edge()))));
  return reached_from;
}

/// The shortest way from `start` back to itself; empty if there is none.
Numbers shortest_cycle(const Graph& graph, std::size_t start) {
  const Numbers reached_from = predecessors(graph, start);
  Numbers best;
  const auto closing = boost::in_edges(start, graph);
  for (auto edge = closing.first; edge != closing.second; ++edge) {
    const std::size_t last = boost::source(*edge, graph);
    if (last != start && reached_from[last] == last) continue;
    Numbers path{start};
    for (std::size_t node = last; node != start; node = reached_from[node]) path.push_back(node);
    path.push_back(start);
    std::reverse(path.begin(), path.end());
    if (best.empty() || path.size() < best.size()) best = std::move(path);
  }
  return best;
}

}  // namespace

void RequirementGraph::add(std::size_t dependent, std::size_t required) {
  Numbers& list = requirements_[dependent];
  if (std::find(list.begin(), list.end(), required) == list.end()) list.push_back(required);
}

std::vector<std::size_t> RequirementGraph::order() const {
  const Graph graph = build(requirements_);
  std::priority_queue<std::size_t, Numbers, std::greater<>> ready;
  Numbers missing(requirements_.size()), order;
  for (std::size_t node = 0; node < missing.size(); ++node) {
    missing[node] = boost::out_degree(node, graph);
    if (missing[node] == 0) ready.push(node);
  }
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    const auto dependents = boost::in_edges(node, graph);
    for (auto edge = dependents.first; edge != dependents.second; ++edge) {
      const std::size_t dependent = boost::source(*edge, graph);
      if (--missing[dependent] == 0) ready.push(dependent);
    }
  }
  return order;
}

std::vector<std::vector<std::size_t>> RequirementGraph::cycles() const {
  const Graph graph = build(requirements_);
  Numbers component(requirements_.size());
  const auto index = boost::get(boost::vertex_index, graph);
  const std::size_t count =
      boost::strong_components(graph, boost::make_iterator_property_map(component.begin(), index));
  Numbers sizes(count, 0);
  for (const std::size_t each : component) ++sizes[each];
  std::vector<bool> seen(count, false);
  std::vector<Numbers> cycles;
  for (std::size_t node = 0; node < component.size(); ++node) {
    if (seen[component[node]]) continue;
    seen[component[node]] = true;
    // A component of one node is a cycle only if the node requires itself; then the search finds
    // that.
    const Numbers& direct = requirements_[node];
    if (sizes[component[node]] == 1 &&
        std::find(direct.begin(), direct.end(), node) == direct.end())
      continue;
    cycles.push_back(shortest_cycle(graph, node));
  }
  return cycles;
}

bool RequirementGraph::reaches(std::size_t node, std::size_t other) const {
  return closure(requirements_[node])[other];
}

std::vector<bool> RequirementGraph::closure(const std::vector<std::size_t>& from) const {
  std::vector<bool> reached(requirements_.size(), false);
  Numbers pending(from);
  while (!pending.empty()) {
    const std::size_t node = pending.back();
    pending.pop_back();
    if (reached[node]) continue;
    reached[node] = true;
    pending.insert(pending.end(), requirements_[node].begin(), requirements_[node].end());
  }
  return reached;
}

}  // namespace pgpm
