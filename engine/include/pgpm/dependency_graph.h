// What requires what, as nodes and edges to be drawn. A value made from a resolution: no file is
// read, no database asked.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/resolve.h"

namespace pgpm {

struct GraphNode {
  enum class Kind { module, native_extension, change };
  Kind kind = Kind::module;
  std::string name;               ///< package, extension, or "package:change"; unique in its graph
  std::string module;             ///< the package a change is in, "" for others
  std::vector<std::string> tags;  ///< of a change
};

struct DependencyGraph {
  std::vector<GraphNode> nodes;  ///< each after all that it requires
  /// (dependent, required) as indices into nodes, each pair once, in the order they are written.
  std::vector<std::pair<std::size_t, std::size_t>> edges;
};

/// Modules and the native extensions they require.
DependencyGraph module_graph(const Resolution& resolution);
/// Changes of all modules in the resolution. What is required of modules outside of it is a node,
/// too.
DependencyGraph change_graph(const Resolution& resolution);

}  // namespace pgpm
