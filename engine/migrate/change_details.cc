#include "pgpm/change_details.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/migrate/edits.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/script_store.h"
#include "engine/registry/history.h"
#include "engine/text/file.h"
#include "pgpm/resolve.h"

namespace pgpm {
namespace {

std::size_t index_of_change(const Module& module, const std::string& reference) {
  const auto ref = ChangeRef::parse(reference);
  if (!ref)
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", reference))
        .hint("write change, @tag or change@tag");
  return module.plan.resolve(*ref);
}

std::vector<ChangeScript> scripts_of(const Module& module, const Change& change) {
  std::vector<ChangeScript> scripts;
  for (const auto kind :
       {Module::ScriptKind::deploy, Module::ScriptKind::revert, Module::ScriptKind::verify}) {
    const auto text = read_script(module, kind, change.script_name);
    scripts.push_back({script_kind_name(kind),
                       shown_path(module.script_path(kind, change.script_name)), text.has_value(),
                       text.value_or("")});
  }
  return scripts;
}

void add_dependencies(const Workspace& workspace, const Module& module, std::size_t index,
                      ChangeDetails& details) {
  const Resolution resolution = resolve(workspace, {});
  const std::string own = details.module + ":" + details.change;
  for (const ResolvedModule& other : resolution.modules) {
    for (std::size_t i = 0; i < other.dependencies.size(); ++i) {
      const std::string dependent =
          other.module->package + ":" + other.module->plan.changes[i].script_name;
      for (const ResolvedDependency& dependency : other.dependencies[i]) {
        const bool required = dependency.kind == Dependency::Kind::requires_change;
        if (other.module->dir == module.dir && i == index)
          (required ? details.requires_changes : details.conflicts)
              .push_back(dependency.to_string());
        else if (required && dependency.to_string() == own)
          details.dependents.push_back(dependent);
      }
    }
  }
}

void add_ledger(const Module& module, std::size_t index, const Target& target, std::stop_token stop,
                ChangeDetails& details) {
  const ScriptHashes hashes({&module});
  db::Connection connection = open_for_reading(target, std::move(stop));
  const RegistryState state = registry::read_state(connection, registry::Detail::everything);
  const auto rows = deployed_instances(module, state);
  const DeployedChange* row = rows[index];
  details.status = "pending";
  if (row != nullptr) {
    const bool edited = compare_files(module, rows, hashes)[index] == FileState::edited;
    details.status = edited ? "edited" : "deployed";
    details.deployed_at = row->deployed_at;
    details.deployed_by = row->deployed_by;
    details.script_hash = row->script_hash;
  }
  const std::string& name = module.plan.changes[index].name;
  details.history =
      registry::read_change_events(connection, module.package, {details.change, name}, 20);
  // An instance that was reworked later has events under its plain name, which its successor has
  // now: they are its own only if it has no other.
  const auto is_own = [&](const HistoryEntry& entry) { return entry.change == details.change; };
  if (std::any_of(details.history.begin(), details.history.end(), is_own))
    std::erase_if(details.history, [&](const HistoryEntry& entry) { return !is_own(entry); });
}

}  // namespace

ChangeDetails change_details(const Workspace& workspace, const Module& module,
                             const std::string& reference, const std::optional<Target>& target,
                             std::stop_token stop) {
  const std::size_t index = index_of_change(module, reference);
  const Change& change = module.plan.changes[index];
  ChangeDetails details;
  details.module = module.package;
  details.change = change.script_name;
  details.planned_at = {module.plan.file, change.line, 0};
  details.planner = change.planner;
  details.email = change.email;
  details.timestamp = change.timestamp;
  details.note = change.note;
  details.tags = module.plan.tags_of(index);
  details.scripts = scripts_of(module, change);
  add_dependencies(workspace, module, index, details);
  if (target) add_ledger(module, index, *target, std::move(stop), details);
  return details;
}

}  // namespace pgpm
