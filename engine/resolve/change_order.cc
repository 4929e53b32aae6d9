// Every reference to a change that the ledger could hold. References to modules outside the
// workspace stay as written; conflicts need not exist; everything else must.
#include "engine/resolve/change_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace pgpm {
namespace {

constexpr std::size_t most_problems = 500;  // per module

std::string without_module(ChangeRef ref) {
  ref.module.clear();
  return ref.to_string();
}

class ChangeResolver {
 public:
  ChangeResolver(ResolvedModule& resolved, const ModuleNames& names,
                 std::vector<Diagnostic>& problems)
      : resolved_(resolved),
        module_(*resolved.module),
        names_(names),
        lookup_(module_, names),
        problems_(problems) {}

  void resolve() {
    const std::vector<Change>& changes = module_.plan.changes;
    resolved_.dependencies.resize(changes.size());
    for (std::size_t at = 0; at < changes.size(); ++at) {
      resolved_.dependencies[at].reserve(changes[at].dependencies.size());
      for (const Dependency& dependency : changes[at].dependencies) resolve(at, dependency);
    }
  }

 private:
  void resolve(std::size_t at, const Dependency& dependency) {
    LookedUp found = lookup_.look_up(dependency, at);
    if (!found.dependency)
      return report(Severity::error, at, dependency, std::move(found.message),
                    std::move(found.hint));
    if (!found.dependency->known && !found.dependency->same_module)
      warn_unknown_module(at, dependency);
    found.dependency->where = {module_.plan.file, module_.plan.changes[at].line, dependency.column};
    keep(at, dependency, std::move(*found.dependency));
  }

  void keep(std::size_t at, const Dependency& written, ResolvedDependency dependency) {
    auto& list = resolved_.dependencies[at];
    const auto same = std::find_if(list.begin(), list.end(), [&](const ResolvedDependency& other) {
      return other.change == dependency.change && other.package == dependency.package;
    });
    if (same == list.end()) {
      list.push_back(std::move(dependency));
    } else if (same->kind != dependency.kind) {
      report(Severity::error, at, written,
             fmt::format("\"{}\" is both required and in conflict", written.text), "");
    }
  }

  void warn_unknown_module(std::size_t at, const Dependency& dependency) {
    if (!unknown_modules_.insert(dependency.ref.module).second) return;
    report(Severity::warning, at, dependency,
           fmt::format("module \"{}\" is not in this workspace: only the database can tell whether "
                       "{} is deployed",
                       dependency.ref.module, dependency.text),
           names_.did_you_mean(dependency.ref.module));
  }

  void report(Severity severity, std::size_t at, const Dependency& dependency, std::string message,
              std::string hint) {
    if (++reported_ > most_problems) return;
    problems_.push_back(
        Diagnostic{severity,
                   {module_.plan.file, module_.plan.changes[at].line, dependency.column},
                   std::move(message),
                   {},
                   std::move(hint)});
  }

  ResolvedModule& resolved_;
  const Module& module_;
  const ModuleNames& names_;
  ReferenceLookup lookup_;
  std::vector<Diagnostic>& problems_;
  std::unordered_set<std::string> unknown_modules_;
  std::size_t reported_ = 0;
};

}  // namespace

LookedUp ReferenceLookup::look_up(const Dependency& dependency, std::size_t at) {
  const std::string& name = dependency.ref.module;
  if (name.empty() || module_.is_called(name)) return in_own_plan(dependency, at);
  if (const Module* other = names_.find(name)) return in_other_plan(dependency, *other);
  ResolvedDependency outside{dependency.kind, name,  without_module(dependency.ref),
                             false,           false, {}};
  return {std::move(outside), {}, {}};
}

LookedUp ReferenceLookup::in_own_plan(const Dependency& dependency, std::size_t at) {
  const Plan& plan = module_.plan;
  ResolvedDependency own{dependency.kind, module_.package, {}, true, true, {}};
  if (dependency.kind == Dependency::Kind::conflicts) {
    const auto change = conflicting_change(plan, dependency.ref, at);
    own.known = change.has_value();
    own.change = change ? plan.changes[*change].script_name : without_module(dependency.ref);
    return {std::move(own), {}, {}};
  }
  OwnReference found = required_change(plan, dependency.ref, at, budget_);
  if (!found.change) return {std::nullopt, std::move(found.message), std::move(found.hint)};
  own.change = plan.changes[*found.change].script_name;
  return {std::move(own), {}, {}};
}

LookedUp ReferenceLookup::in_other_plan(const Dependency& dependency, const Module& other) {
  OwnReference found = find_reference(other.plan, dependency.ref, budget_);
  ResolvedDependency there{dependency.kind, other.package, {}, false, true, {}};
  if (found.change) {
    there.change = other.plan.changes[*found.change].script_name;
  } else if (dependency.kind == Dependency::Kind::conflicts) {
    there.change = without_module(dependency.ref);
  } else {
    return {std::nullopt, fmt::format("{} in module {}", found.message, other.name),
            std::move(found.hint)};
  }
  return {std::move(there), {}, {}};
}

void resolve_changes(ResolvedModule& module, const ModuleNames& names,
                     std::vector<Diagnostic>& problems) {
  ChangeResolver(module, names, problems).resolve();
}

}  // namespace pgpm
