// Order in a graph of requirements. Nodes are numbers; whoever uses it knows what they stand for.
// Boost.Graph is in graph.cc only.
#pragma once

#include <cstddef>
#include <vector>

namespace pgpm {

class RequirementGraph {
 public:
  explicit RequirementGraph(std::size_t nodes) : requirements_(nodes) {}

  void add(std::size_t dependent, std::size_t required);

  /// Every node after all it requires; where that leaves a choice, the smaller number first. Nodes
  /// of cycles, and what requires them, are missing.
  std::vector<std::size_t> order() const;
  /// One path a, b, ..., a for every group of nodes that require each other: the shortest through
  /// its smallest number.
  std::vector<std::vector<std::size_t>> cycles() const;
  /// True if `node` requires `other`, directly or through others.
  bool reaches(std::size_t node, std::size_t other) const;
  /// For every node whether it is one of `from` or required by one, at any distance.
  std::vector<bool> closure(const std::vector<std::size_t>& from) const;

 private:
  std::vector<std::vector<std::size_t>> requirements_;
};

}  // namespace pgpm
