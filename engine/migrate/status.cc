#include "pgpm/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/migrate/edits.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/module_choice.h"
#include "engine/migrate/object_facts.h"
#include "engine/migrate/opening.h"

namespace pgpm {

namespace {

/// The last tag up to whose change everything is deployed.
std::optional<std::string> current_tag(const Module& module,
                                       const std::vector<const DeployedChange*>& rows) {
  const auto pending = std::find(rows.begin(), rows.end(), nullptr);
  const auto reached = static_cast<std::size_t>(pending - rows.begin());
  std::optional<std::string> current;
  std::size_t last = 0;
  for (const Tag& tag : module.plan.tags) {
    if (tag.change >= reached || (current && tag.change < last)) continue;
    current = "@" + tag.name;
    last = tag.change;
  }
  return current;
}

ModuleStatus status_of(const Module& module, const RegistryState& state,
                       const ScriptHashes& hashes) {
  ModuleStatus status;
  status.module = module.package;
  const std::vector<const DeployedChange*> rows = deployed_instances(module, state);
  const std::vector<FileState> files = compare_files(module, rows, hashes);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Change& change = module.plan.changes[i];
    if (rows[i] == nullptr) {
      status.pending.push_back(change.script_name);
    } else if (files[i] == FileState::edited) {
      status.edited.push_back(rows[i]->name);
    }
  }
  status.tag = current_tag(module, rows);
  for (const DeployedChange& row : state.changes) {
    if (row.package != module.package) continue;
    ++status.deployed;
    status.last_change = row.name;
    status.last_deployed_at = row.deployed_at;
    status.deployed_by =
        row.deployed_by.empty() ? std::nullopt : std::optional<std::string>(row.deployed_by);
  }
  for (const DeployedChange* row : unplanned_changes(module, state)) {
    status.unplanned.push_back(row->name);
  }
  for (const IntentRow& intent : state.intents) {
    if (intent.package == module.package) status.interrupted.push_back(intent.change);
  }
  return status;
}

std::vector<const Module*> with_required(const Workspace& workspace,
                                         const std::vector<std::string>& names) {
  std::vector<const Module*> modules;
  std::vector<std::string> chosen;
  for (const Module* module : choose_modules(workspace, names)) chosen.push_back(module->name);
  for (const ResolvedModule& resolved : resolve(workspace, chosen, Closure::only_named).modules) {
    modules.push_back(resolved.module);
  }
  return modules;
}

}  // namespace

StatusReport status(const Workspace& workspace, const Target& target,
                    const std::vector<std::string>& modules, std::stop_token stop) {
  const std::vector<const Module*> chosen = with_required(workspace, modules);
  const ScriptHashes hashes(chosen);
  db::Connection connection = open_for_reading(target, std::move(stop));
  const RegistryState state = registry::read_state(connection, registry::Detail::rows);
  StatusReport report;
  report.database = connection.database();
  report.ledger_installed = state.installed;
  const ObjectFacts facts = read_object_facts(connection, chosen, state);
  for (const Module* module : chosen) {
    ModuleStatus& status = report.modules.emplace_back(status_of(*module, state, hashes));
    if (const auto found = facts.find(module->package); found != facts.end())
      status.objects = {found->second.recorded, found->second.changes};
  }
  return report;
}

std::vector<ListedChange> list_changes(const Workspace& workspace,
                                       const std::optional<Target>& target,
                                       const std::vector<std::string>& modules,
                                       std::stop_token stop) {
  const std::vector<const Module*> chosen = with_required(workspace, modules);
  RegistryState state;
  const ScriptHashes hashes(target ? chosen : std::vector<const Module*>());
  if (target) {
    db::Connection connection = open_for_reading(*target, std::move(stop));
    state = registry::read_state(connection, registry::Detail::rows);
  }
  std::vector<ListedChange> listed;
  for (const Module* module : chosen) {
    const std::vector<const DeployedChange*> rows = deployed_instances(*module, state);
    const std::vector<FileState> files = compare_files(*module, rows, hashes);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Change& change = module->plan.changes[i];
      ListedChange entry;
      entry.module = module->package;
      entry.change = change.script_name;
      entry.tags = module->plan.tags_of(i);
      for (const Dependency& dependency : change.dependencies) {
        const bool required = dependency.kind == Dependency::Kind::requires_change;
        (required ? entry.requires_changes : entry.conflicts).push_back(dependency.text);
      }
      if (rows[i] != nullptr) {
        entry.status = files[i] == FileState::edited ? "edited" : "deployed";
        entry.deployed_at = rows[i]->deployed_at;
        entry.deployed_by = rows[i]->deployed_by;
      } else {
        entry.status = target ? "pending" : "unknown";
      }
      listed.push_back(std::move(entry));
    }
  }
  return listed;
}

}  // namespace pgpm
