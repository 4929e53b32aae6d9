// Edges come from control files first. A plan that needs another module of the workspace without
// its control file saying so gets the edge too, with a warning, because the deploy would fail
// without it.
#include "engine/resolve/module_order.h"

#include <fmt/format.h>

#include <set>

#include "engine/resolve/graph.h"
#include "engine/text/nearest.h"

namespace pgpm {
namespace {

class ModuleOrder {
 public:
  ModuleOrder(const Workspace& workspace, const ModuleNames& names,
              std::vector<Diagnostic>& problems)
      : workspace_(workspace),
        names_(names),
        problems_(problems),
        graph_(workspace.modules.size()) {}

  std::vector<ResolvedModule> of(const std::vector<std::string>& wanted, Closure closure) {
    for (std::size_t i = 0; i < workspace_.modules.size(); ++i) add_control_edges(i);
    RequirementGraph by_control = graph_;
    for (std::size_t i = 0; i < workspace_.modules.size(); ++i) find_plan_edges(i, by_control);
    const std::vector<std::size_t> requested = find_requested(wanted);
    const std::vector<bool> taken = graph_.closure(requested);
    report_cycles(taken);
    report_plan_edges(taken);
    std::vector<bool> is_requested(workspace_.modules.size(), false);
    for (const std::size_t module : requested) is_requested[module] = true;
    std::vector<ResolvedModule> modules;
    for (const std::size_t i : graph_.order()) {
      const bool included = closure == Closure::with_required ? taken[i] : is_requested[i];
      if (included) modules.push_back({&workspace_.modules[i], native_[i], {}, is_requested[i]});
    }
    return modules;
  }

 private:
  std::size_t index_of_module(const Module& module) const {
    return static_cast<std::size_t>(&module - workspace_.modules.data());
  }

  void add_control_edges(std::size_t i) {
    native_.push_back({});
    for (const std::string& name : workspace_.modules[i].control.requires_modules) {
      if (const Module* module = names_.find(name))
        graph_.add(i, index_of_module(*module));
      else
        native_[i].push_back(name);
    }
  }

  void find_plan_edges(std::size_t i, const RequirementGraph& by_control) {
    const Module& module = workspace_.modules[i];
    std::set<const Module*> seen{&module};
    std::string_view last;  // references to one module come in runs
    for (const Change& change : module.plan.changes) {
      for (const Dependency& dependency : change.dependencies) {
        const std::string& name = dependency.ref.module;
        if (name.empty() || name == last || dependency.kind != Dependency::Kind::requires_change)
          continue;
        last = name;
        const Module* other = names_.find(name);
        if (other == nullptr || !seen.insert(other).second) continue;
        const std::size_t required = index_of_module(*other);
        graph_.add(i, required);
        if (by_control.reaches(i, required)) continue;
        plan_edges_.push_back(
            {i,
             {Severity::warning,
              SourceLocation{module.plan.file, change.line, dependency.column},
              fmt::format("the plan of {} requires {}, but its control file does not", module.name,
                          other->name),
              {},
              fmt::format("add {} to requires in {}.control", other->name, module.name)}});
      }
    }
  }

  void report_plan_edges(const std::vector<bool>& taken) {
    for (PlanEdge& edge : plan_edges_)
      if (taken[edge.module]) problems_.push_back(std::move(edge.warning));
  }

  std::vector<std::size_t> find_requested(const std::vector<std::string>& wanted) {
    std::vector<std::size_t> requested;
    for (const std::string& name : wanted) {
      if (const Module* module = names_.find(name)) {
        requested.push_back(index_of_module(*module));
        continue;
      }
      Diagnostic unknown;
      unknown.message = fmt::format("there is no module \"{}\"", name);
      unknown.hint = names_.did_you_mean(name);
      problems_.push_back(std::move(unknown));
    }
    if (!wanted.empty()) return requested;
    for (std::size_t i = 0; i < workspace_.modules.size(); ++i) requested.push_back(i);
    return requested;
  }

  void report_cycles(const std::vector<bool>& taken) {
    for (const std::vector<std::size_t>& cycle : graph_.cycles()) {
      if (!taken[cycle.front()]) continue;
      std::string path;
      for (const std::size_t module : cycle)
        path += (path.empty() ? "" : " -> ") + workspace_.modules[module].name;
      const Module& first = workspace_.modules[cycle.front()];
      SourceLocation where{first.plan.file, 0, 0};
      if (first.control.requires_line != 0)
        where = {first.control.file, first.control.requires_line, 0};
      problems_.push_back(
          Diagnostic{Severity::error, std::move(where),
                     fmt::format("modules require each other in a circle: {}", path), std::string(),
                     "take one of these requirements away"});
    }
  }

  struct PlanEdge {
    std::size_t module = 0;
    Diagnostic warning;
  };

  const Workspace& workspace_;
  const ModuleNames& names_;
  std::vector<Diagnostic>& problems_;
  RequirementGraph graph_;
  std::vector<std::vector<std::string>> native_;
  std::vector<PlanEdge> plan_edges_;
};

}  // namespace

ModuleNames::ModuleNames(const Workspace& workspace) : workspace_(workspace) {
  for (const Module& module : workspace.modules) names_.emplace(module.name, &module);
  for (const Module& module : workspace.modules) names_.emplace(module.package, &module);
  for (const Module& module : workspace.modules) {
    names_.emplace(module.npm_name, &module);
    for (const std::string& name : module.other_names) names_.emplace(name, &module);
  }
  names_.erase("");
}

const Module* ModuleNames::find(std::string_view spelling) const {
  const auto found = names_.find(spelling);
  return found == names_.end() ? nullptr : found->second;
}

std::string ModuleNames::did_you_mean(const std::string& spelling) const {
  std::vector<std::string> known;
  for (const Module& module : workspace_.modules) known.push_back(module.name);
  const std::string nearest = spelling.size() > 500 ? "" : nearest_name(spelling, known);
  return nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest);
}

std::vector<ResolvedModule> order_modules(const Workspace& workspace, const ModuleNames& names,
                                          const std::vector<std::string>& wanted, Closure closure,
                                          std::vector<Diagnostic>& problems) {
  return ModuleOrder(workspace, names, problems).of(wanted, closure);
}

}  // namespace pgpm
