#include "pgpm/dependency_graph.h"

#include <map>
#include <set>

namespace pgpm {
namespace {

/// Adds nodes and edges by name.
class Drawing {
 public:
  std::size_t node(GraphNode node) {
    const auto [known, added] = indices_.emplace(node.name, graph_.nodes.size());
    if (added) graph_.nodes.push_back(std::move(node));
    return known->second;
  }
  void edge(std::size_t dependent, std::size_t required) {
    if (edges_.emplace(dependent, required).second) graph_.edges.emplace_back(dependent, required);
  }
  DependencyGraph take() { return std::move(graph_); }

 private:
  DependencyGraph graph_;
  std::map<std::string, std::size_t> indices_;
  std::set<std::pair<std::size_t, std::size_t>> edges_;
};

const ResolvedModule* find_called(const Resolution& resolution, const std::string& spelling) {
  for (const ResolvedModule& resolved : resolution.modules)
    if (resolved.module->is_called(spelling)) return &resolved;
  return nullptr;
}

std::string change_name(const ResolvedModule& resolved, std::size_t index) {
  return resolved.module->package + ":" + resolved.module->plan.changes[index].script_name;
}

}  // namespace

DependencyGraph module_graph(const Resolution& resolution) {
  Drawing drawing;
  for (const ResolvedModule& resolved : resolution.modules) {
    std::vector<std::size_t> required;
    for (const std::string& extension : resolved.native_extensions)
      required.push_back(drawing.node({GraphNode::Kind::native_extension, extension, {}, {}}));
    const std::size_t self =
        drawing.node({GraphNode::Kind::module, resolved.module->package, {}, {}});
    for (const std::string& name : resolved.module->control.requires_modules)
      if (const ResolvedModule* other = find_called(resolution, name))
        drawing.edge(self, drawing.node({GraphNode::Kind::module, other->module->package, {}, {}}));
    for (const auto& dependencies : resolved.dependencies)
      for (const ResolvedDependency& dependency : dependencies)
        if (!dependency.same_module && dependency.kind == Dependency::Kind::requires_change)
          drawing.edge(self, drawing.node({GraphNode::Kind::module, dependency.package, {}, {}}));
    for (const std::size_t extension : required) drawing.edge(self, extension);
  }
  return drawing.take();
}

DependencyGraph change_graph(const Resolution& resolution) {
  Drawing drawing;
  for (const ResolvedModule& resolved : resolution.modules) {
    const Plan& plan = resolved.module->plan;
    for (std::size_t index = 0; index < plan.changes.size(); ++index) {
      std::vector<std::size_t> required;
      for (const ResolvedDependency& dependency : resolved.dependencies[index])
        if (dependency.kind == Dependency::Kind::requires_change)
          required.push_back(drawing.node(
              {GraphNode::Kind::change, dependency.to_string(), dependency.package, {}}));
      const std::size_t self = drawing.node({GraphNode::Kind::change, change_name(resolved, index),
                                             resolved.module->package, plan.tags_of(index)});
      for (const std::size_t other : required) drawing.edge(self, other);
    }
  }
  return drawing.take();
}

}  // namespace pgpm
