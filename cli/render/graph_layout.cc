#include "cli/render/graph_layout.h"

#include <algorithm>
#include <numeric>

namespace pgpm::cli {
namespace {

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;
using Neighbours = std::vector<std::vector<std::size_t>>;
constexpr int sweeps = 4;

/// The length of the longest way down from each node. Without recursion: plans are long.
std::vector<std::size_t> longest_paths(const Neighbours& required) {
  enum class Visit { none, open, done };
  std::vector<Visit> visits(required.size(), Visit::none);
  std::vector<std::size_t> lengths(required.size(), 0);
  for (std::size_t start = 0; start < required.size(); ++start) {
    std::vector<std::pair<std::size_t, std::size_t>> path;  // node, next of its requirements
    if (visits[start] == Visit::none) path.emplace_back(start, 0);
    while (!path.empty()) {
      const std::size_t node = path.back().first;
      visits[node] = Visit::open;
      if (path.back().second == required[node].size()) {
        visits[node] = Visit::done;
        path.pop_back();
        continue;
      }
      const std::size_t next = required[node][path.back().second];
      if (visits[next] == Visit::none) {
        path.emplace_back(next, 0);
        continue;
      }
      if (visits[next] == Visit::done) lengths[node] = std::max(lengths[node], lengths[next] + 1);
      ++path.back().second;
    }
  }
  return lengths;
}

double mean_position(const GraphLayout& layout, const std::vector<std::size_t>& neighbours,
                     double otherwise) {
  if (neighbours.empty()) return otherwise;
  double sum = 0;
  for (const std::size_t node : neighbours)
    sum += static_cast<double>(layout.places[node].position);
  return sum / static_cast<double>(neighbours.size());
}

void arrange(GraphLayout& layout, std::vector<std::size_t>& layer, const Neighbours& neighbours) {
  std::vector<std::pair<double, std::size_t>> order;
  for (const std::size_t node : layer)
    order.emplace_back(
        mean_position(layout, neighbours[node], static_cast<double>(layout.places[node].position)),
        node);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    layer[i] = order[i].second;
    layout.places[layer[i]].position = i;
  }
}

}  // namespace

GraphLayout lay_out(std::size_t nodes, const Edges& edges) {
  Neighbours required(nodes), dependents(nodes);
  for (const auto& [dependent, other] : edges) {
    required[dependent].push_back(other);
    dependents[other].push_back(dependent);
  }
  GraphLayout layout;
  const std::vector<std::size_t> lengths = longest_paths(required);
  for (std::size_t node = 0; node < nodes; ++node) {
    if (layout.layers.size() <= lengths[node]) layout.layers.resize(lengths[node] + 1);
    layout.places.push_back({lengths[node], layout.layers[lengths[node]].size()});
    layout.layers[lengths[node]].push_back(node);
  }
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (auto& layer : layout.layers) arrange(layout, layer, required);
    for (auto layer = layout.layers.rbegin(); layer != layout.layers.rend(); ++layer)
      arrange(layout, *layer, dependents);
  }
  return layout;
}

}  // namespace pgpm::cli
