// Pure: which modules are tested by themselves.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/migrate/module_choice.h"
#include "pgpm/package_test.h"
#include "pgpm/resolve.h"

namespace pgpm {
namespace {

std::vector<const Module*> candidates(const Workspace& workspace,
                                      const std::vector<std::string>& modules,
                                      const std::vector<std::string>& exclude) {
  std::vector<const Module*> chosen = choose_modules(workspace, modules);
  const std::vector<const Module*> without =
      exclude.empty() ? std::vector<const Module*>{} : choose_modules(workspace, exclude);
  std::erase_if(chosen, [&](const Module* module) {
    return std::find(without.begin(), without.end(), module) != without.end();
  });
  return chosen;
}

/// What each of them requires, itself not included.
std::set<const Module*> required_by(const Workspace& workspace, const Module& module) {
  std::set<const Module*> required;
  for (const ResolvedModule& resolved : resolve(workspace, {module.name}).modules)
    if (resolved.module != &module) required.insert(resolved.module);
  return required;
}

}  // namespace

CoveringSet covering_set(const Workspace& workspace, const std::vector<std::string>& modules,
                         const std::vector<std::string>& exclude, Selection selection) {
  const std::vector<const Module*> chosen = candidates(workspace, modules, exclude);
  std::map<const Module*, const Module*> covered_by;
  if (selection == Selection::minimal) {
    std::map<const Module*, std::set<const Module*>> required;
    for (const Module* module : chosen) required[module] = required_by(workspace, *module);
    std::set<const Module*> covered;
    for (const auto& [module, others] : required) covered.insert(others.begin(), others.end());
    // Who covers is a module with a cycle of its own, not one that is covered itself.
    for (const Module* module : chosen)
      if (!covered.contains(module))
        for (const Module* other : required[module]) covered_by.emplace(other, module);
  }
  CoveringSet set;
  for (const Module* module : chosen) {
    const auto by = covered_by.find(module);
    if (by == covered_by.end())
      set.selected.push_back(module->package);
    else
      set.covered.emplace_back(module->package, by->second->package);
  }
  return set;
}

}  // namespace pgpm
