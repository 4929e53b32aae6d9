// What goes, and in which order: objects that stand in the way, with all that needs them, and
// objects that are declared no more.
#include <fmt/format.h>

#include <algorithm>

#include "engine/objects/cone.h"
#include "engine/objects/run.h"

namespace pgpm::objects {

namespace {

bool may_be_made_again(const Remake& remake) {
  return !remake.drop_sql.empty() && !remake.make_sql.empty();
}

std::vector<CatalogId> ids_of(const std::vector<ConeUnit>& cone) {
  std::vector<CatalogId> ids;
  for (const ConeUnit& unit : cone) ids.push_back(unit.id);
  return ids;
}

Diagnostic about(const std::string& message, const std::string& hint = {}) {
  return {Severity::error, {}, message, "", hint};
}

/// What is dropped along with what is declared no more, for good.
bool goes_with(CatalogId id, const std::vector<CatalogEdge>& edges,
               const std::set<CatalogId>& gone) {
  return std::any_of(edges.begin(), edges.end(), [&](const CatalogEdge& edge) {
    return edge.dependent == id && edge.type == 'a' && gone.contains(edge.required);
  });
}

/// Said in the statement that declares the domain, and so made with it.
bool is_declared_with(const Remake& remake, CatalogId id, const std::vector<CatalogEdge>& edges,
                      const std::map<CatalogId, std::size_t>& declared) {
  return remake.kind == "domain constraint" &&
         std::any_of(edges.begin(), edges.end(), [&](const CatalogEdge& edge) {
           return edge.dependent == id && edge.type == 'a' && declared.contains(edge.required);
         });
}

}  // namespace

void ObjectRun::refuse_cone(const std::vector<ConeUnit>& cone, const std::set<CatalogId>& seeds,
                            const std::map<CatalogId, Remake>& remakes) const {
  std::string dropped;
  for (const CatalogId& seed : seeds)
    if (const auto found = remakes.find(seed); found != remakes.end())
      dropped += (dropped.empty() ? "" : ", ") + found->second.what;
  std::vector<Diagnostic> problems;
  for (const ConeUnit& unit : cone) {
    if (declared_at_.contains(unit.id) || removed_at_.contains(unit.id)) continue;
    const auto found = remakes.find(unit.id);
    if (found == remakes.end()) continue;
    const Remake& remake = found->second;
    if (!may_be_made_again(remake))
      problems.push_back(
          about(fmt::format("{} needs it, and cannot be dropped and made again", remake.what)));
    else if (options_.on_unmanaged == OnUnmanaged::refuse && !unit.belongs)
      problems.push_back(about(fmt::format("{} needs it, and is not managed", remake.what),
                               "--unmanaged restore drops it and makes it again as it is."));
  }
  if (!problems.empty())
    throw Error(ErrorCode::refused,
                fmt::format("{} has to be dropped, but others need it", dropped))
        .with(std::move(problems))
        .leaving("nothing was changed");
}

std::size_t ObjectRun::place_behind(const std::vector<CatalogEdge>& edges, CatalogId id) const {
  std::size_t place = 0;
  for (const CatalogEdge& edge : edges) {
    if (edge.dependent != id) continue;
    if (const auto managed = declared_at_.find(edge.required); managed != declared_at_.end())
      place = std::max(place, place_of_[managed->second]);
    for (const auto& [at, index] : foreign_at_)
      if (foreign_[index].id == edge.required) place = std::max(place, at.first);
  }
  return place;
}

void ObjectRun::drop_unit(CatalogId id, const Remake& remake, const std::string& reason) {
  try {
    catalog_->run_qualified(remake.drop_sql);
  } catch (Error& error) {
    error.add_context("dropping " + remake.what);
    throw;
  }
  if (const auto managed = declared_at_.find(id); managed != declared_at_.end()) {
    tell(ObjectStep::Act::drop, managed->second, reason);
  } else {
    const auto removed = removed_at_.find(id);
    if (removed == removed_at_.end())
      tell({ObjectStep::Act::drop, remake.kind, remake.identity, "", reason});
    else
      tell({ObjectStep::Act::remove, object_kind_name(removed->second.kind),
            removed->second.identity, "", removal_reason()});
  }
}

void ObjectRun::drop_cone(const std::vector<CatalogId>& seeds, const std::string& reason) {
  find_settled();
  has_reshaped_ = true;
  const std::vector<CatalogEdge> edges = catalog_->dependents(seeds);
  const std::vector<ConeUnit> cone = cone_of(seeds, edges);
  const std::vector<CatalogId> ids = ids_of(cone);
  const auto remakes = catalog_->remakes(ids);
  const std::set<CatalogId> seed_set(seeds.begin(), seeds.end());
  refuse_cone(cone, seed_set, remakes);
  std::vector<std::size_t> managed_ones;
  for (const CatalogId& id : ids)
    if (const auto managed = declared_at_.find(id); managed != declared_at_.end())
      managed_ones.push_back(managed->second);
  remember(managed_ones);
  auto kept = keep(*catalog_, ids);
  const auto why = [&](CatalogId id) {
    return seed_set.contains(id) ? reason : fmt::format("needs {}", remakes.at(seeds.front()).what);
  };
  for (const ConeUnit& unit : cone)
    if (remakes.contains(unit.id)) drop_unit(unit.id, remakes.at(unit.id), why(unit.id));
  std::set<CatalogId> gone;
  for (const ConeUnit& unit : cone)
    if (removed_at_.contains(unit.id)) gone.insert(unit.id);
  // What is needed first is placed first, so that objects of others find what they stand behind.
  for (auto unit = cone.rbegin(); unit != cone.rend(); ++unit) {
    const CatalogId id = unit->id;
    if (const auto managed = declared_at_.find(id); managed != declared_at_.end()) {
      kept_[managed->second] = std::move(kept[id]);
      schedule(managed->second, Need::again, why(id));
    } else if (!removed_at_.contains(id) && remakes.contains(id) && !goes_with(id, edges, gone) &&
               !is_declared_with(remakes.at(id), id, edges, declared_at_)) {
      const Place place{place_behind(edges, id), foreign_.size() + 1};
      foreign_at_[place] = foreign_.size();
      tasks_[place] = {Need::again, why(id)};
      foreign_.push_back({remakes.at(id), std::move(kept[id]), id, why(id)});
    }
  }
  for (const CatalogId& id : ids) {
    if (const auto managed = declared_at_.find(id); managed != declared_at_.end()) {
      live_.erase(managed->second);
      declared_at_.erase(managed);
    }
    removed_at_.erase(id);
  }
}

void ObjectRun::take_back_sayings() {
  for (const ObjectKey& key : changes_.removed) {
    const std::string& undo = state_.objects[key].undo;
    if (undo.empty()) continue;
    connection_.exec("SAVEPOINT pgpm_undo");
    try {
      connection_.exec(undo);
      connection_.exec("RELEASE SAVEPOINT pgpm_undo");
      tell({ObjectStep::Act::remove, object_kind_name(key.kind), key.identity, "",
            removal_reason()});
    } catch (const Error& error) {
      // What it was about is gone already: then so is what was said. A right that is missing is
      // also of class 42, and no such thing.
      if (!error.server() || !error.server()->sqlstate.starts_with("42") ||
          error.server()->sqlstate == "42501")
        throw;
      connection_.exec("ROLLBACK TO SAVEPOINT pgpm_undo");
    }
  }
}

void ObjectRun::remove_undeclared() {
  take_back_sayings();
  if (removed_at_.empty()) return;
  std::vector<CatalogId> seeds;
  for (const auto& [id, key] : removed_at_) seeds.push_back(id);
  const std::vector<ConeUnit> cone = cone_of(seeds, catalog_->dependents(seeds));
  const auto remakes = catalog_->remakes(ids_of(cone));
  std::vector<Diagnostic> problems;
  for (const ConeUnit& unit : cone)
    if (!unit.belongs && !declared_at_.contains(unit.id) && !removed_at_.contains(unit.id) &&
        remakes.contains(unit.id))
      problems.push_back(about(fmt::format("{} needs it", remakes.at(unit.id).what)));
  if (!problems.empty()) {
    std::string removed;
    for (const CatalogId& seed : seeds)
      removed += (removed.empty() ? "" : ", ") + remakes.at(seed).what;
    const bool is_declared_no_more = subject_.goal == RunSubject::Goal::as_declared;
    throw Error(ErrorCode::refused,
                fmt::format("{} {}, but others need it", removed,
                            is_declared_no_more ? "is declared no more" : "goes with its module"))
        .with(std::move(problems))
        .hint(is_declared_no_more ? "Change what needs it first, or put the declaration back."
                                  : "Drop what needs it first.")
        .leaving("nothing was changed");
  }
  drop_cone(seeds, removal_reason());
}

}  // namespace pgpm::objects
