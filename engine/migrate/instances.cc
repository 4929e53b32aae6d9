#include "engine/migrate/instances.h"

#include <map>
#include <unordered_set>

namespace pgpm {

namespace {

/// The row of a superseded instance may carry any tag that stands between it and its rework: which
/// of them names the scripts depends on the files, and files move.
const DeployedChange* find_superseded(const Module& module, std::size_t change,
                                      const RegistryState& state) {
  const Change& instance = module.plan.changes[change];
  if (const DeployedChange* row = state.find(module.package, instance.script_name)) return row;
  for (const Tag& tag : module.plan.tags) {
    if (tag.change < change) continue;
    if (const DeployedChange* row = state.find(module.package, instance.name + "@" + tag.name))
      return row;
  }
  return nullptr;
}

/// Instances of one name, oldest first. The plain name's row stands for the first instance that has
/// no row of its own.
void place_instances(const Module& module, const std::vector<std::size_t>& instances,
                     const RegistryState& state, std::vector<const DeployedChange*>& rows) {
  const std::string& name = module.plan.changes[instances.front()].name;
  const DeployedChange* plain = state.find(module.package, name);
  for (std::size_t change : instances) {
    if (module.plan.changes[change].superseded)
      rows[change] = find_superseded(module, change, state);
    if (rows[change] != nullptr) continue;
    rows[change] = plain;
    return;
  }
}

}  // namespace

std::vector<const DeployedChange*> deployed_instances(const Module& module,
                                                      const RegistryState& state) {
  std::vector<const DeployedChange*> rows(module.plan.changes.size(), nullptr);
  std::map<std::string, std::vector<std::size_t>> reworked;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (module.plan.changes[i].superseded) reworked[module.plan.changes[i].name];
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Change& change = module.plan.changes[i];
    const auto found = reworked.empty() ? reworked.end() : reworked.find(change.name);
    if (found != reworked.end()) {
      found->second.push_back(i);
    } else {
      rows[i] = state.find(module.package, change.name);
    }
  }
  for (const auto& [name, instances] : reworked) place_instances(module, instances, state, rows);
  return rows;
}

std::optional<std::size_t> former_instance(const Plan& plan, std::size_t change) {
  if (!plan.has_reworks) return std::nullopt;
  for (std::size_t i = change; i > 0; --i) {
    const Change& older = plan.changes[i - 1];
    if (older.superseded && older.name == plan.changes[change].name) return i - 1;
  }
  return std::nullopt;
}

const DeployedChange* find_instance(const Module& module, const std::string& script_name,
                                    const RegistryState& state) {
  if (!module.plan.has_reworks) return state.find(module.package, script_name);
  const std::vector<const DeployedChange*> rows = deployed_instances(module, state);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (module.plan.changes[i].script_name == script_name) return rows[i];
  }
  return nullptr;
}

const DeployedChange* find_outside(const std::string& package, const std::string& reference,
                                   const RegistryState& state) {
  if (const DeployedChange* row = state.find(package, reference)) return row;
  const std::size_t at = reference.find('@');
  if (at == std::string::npos) return nullptr;
  const DeployedChange* tagged = nullptr;
  for (const DeployedTag& tag : state.tags)
    if (tag.package == package && reference.compare(at + 1, std::string::npos, tag.tag) == 0)
      tagged = state.find(package, tag.change);
  if (tagged == nullptr || at == 0) return tagged;
  const std::string_view name = std::string_view(reference).substr(0, at);
  const DeployedChange* newest = nullptr;
  for (const DeployedChange& row : state.changes) {
    if (row.package == package && std::string_view(row.name).substr(0, row.name.find('@')) == name)
      newest = &row;
    if (&row == tagged) return newest;
  }
  return nullptr;
}

std::vector<const DeployedChange*> unplanned_changes(const Module& module,
                                                     const RegistryState& state) {
  std::unordered_set<const DeployedChange*> planned;
  for (const DeployedChange* row : deployed_instances(module, state)) planned.insert(row);
  std::vector<const DeployedChange*> found;
  for (const DeployedChange& row : state.changes) {
    if (row.package == module.package && !planned.contains(&row)) found.push_back(&row);
  }
  return found;
}

}  // namespace pgpm
