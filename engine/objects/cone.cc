#include "engine/objects/cone.h"

#include <map>

namespace pgpm::objects {

namespace {

class Cone {
 public:
  Cone(const std::vector<CatalogId>& seeds, const std::vector<CatalogEdge>& edges) {
    for (const CatalogEdge& edge : edges)
      if (edge.type == 'i') owner_.emplace(edge.dependent, edge.required);
    for (const CatalogId& seed : seeds) needed_by_[unit(seed)];
    for (const CatalogEdge& edge : edges) add(edge);
  }

  std::vector<ConeUnit> order() {
    for (const auto& [id, dependents] : needed_by_) visit(id);
    return std::move(order_);
  }

 private:
  /// What an object is a part of, however deep.
  CatalogId unit(CatalogId id) const {
    for (std::size_t depth = 0; depth < owner_.size(); ++depth) {
      const auto owner = owner_.find(id);
      if (owner == owner_.end()) break;
      id = owner->second;
    }
    return id;
  }

  void add(const CatalogEdge& edge) {
    const CatalogId dependent = unit(edge.dependent), required = unit(edge.required);
    needed_by_[dependent];
    if (dependent == required) return;
    needed_by_[required].insert(dependent);
    if (edge.type == 'a' && dependent == edge.dependent) belonging_.insert(dependent);
  }

  void visit(CatalogId id) {
    if (!seen_.insert(id).second) return;
    for (const CatalogId& dependent : needed_by_[id]) visit(dependent);
    order_.push_back({id, belonging_.contains(id)});
  }

  std::map<CatalogId, CatalogId> owner_;
  std::map<CatalogId, std::set<CatalogId>> needed_by_;
  std::set<CatalogId> belonging_, seen_;
  std::vector<ConeUnit> order_;
};

}  // namespace

std::vector<ConeUnit> cone_of(const std::vector<CatalogId>& seeds,
                              const std::vector<CatalogEdge>& edges) {
  return Cone(seeds, edges).order();
}

}  // namespace pgpm::objects
