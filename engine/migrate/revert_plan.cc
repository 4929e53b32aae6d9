// Three passes: which ledger rows go, who stands in the way (or is taken along), and what each
// needs to go. Rows go in the reverse of the order they were deployed in, whatever module they
// belong to.
#include "engine/migrate/revert_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "engine/migrate/instances.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/problems.h"
#include "engine/migrate/to_option.h"

namespace pgpm {

namespace {

std::string qualified(const DeployedChange& row) {
  return row.package + ":" + row.name;
}

std::string qualified(const std::string& reference, const std::string& package) {
  return reference.find(':') == std::string::npos ? package + ":" + reference : reference;
}

class RevertDecision {
 public:
  RevertDecision(const Workspace& workspace, const std::vector<const Module*>& modules,
                 const RegistryState& state, const RevertOptions& options,
                 const std::map<std::string, std::vector<ObjectChange>>& objects)
      : workspace_(workspace),
        modules_(modules),
        state_(state),
        options_(options),
        objects_(objects) {}

  Worklist decide();

 private:
  void choose(const Module& module);
  std::vector<const DeployedChange*> rows_after(const Module& module, const std::string& to);
  std::size_t deployed_position(const Module& module, const ChangeRef& ref);
  void add_dependants();
  void prepare(const DeployedChange& row);
  void prepare_planned(const Module& module, const DeployedChange& row, PreparedStep& step);
  bool is_irreversible(const Module& module, const std::string& script_name,
                       const StoredScript& revert) const;
  enum class AfterRevert { must_fail, may_pass };  // the verify script
  void load_scripts(const Module& module, const std::string& script_name, AfterRevert after,
                    PreparedStep& step);
  void add_dropped_extensions();
  void add_remaining();
  void add_objects();
  void add_objects(const std::string& package, const std::vector<ObjectChange>& recorded);
  const Module* module_of(const std::string& package) const;
  const std::vector<const DeployedChange*>& instances(const Module& module);
  std::optional<std::size_t> planned_index(const Module& module, const DeployedChange& row);
  bool goes(const DeployedChange& row) const { return going_.contains(&row); }

  const Workspace& workspace_;
  const std::vector<const Module*>& modules_;
  const RegistryState& state_;
  const RevertOptions& options_;
  const std::map<std::string, std::vector<ObjectChange>>& objects_;
  std::unordered_set<const DeployedChange*> going_;
  std::unordered_map<const DeployedChange*, std::string> reasons_;
  /// What the ledger calls a row once the rework before it in the run is reverted.
  std::unordered_map<const DeployedChange*, std::string> renamed_;
  struct Placement {
    std::vector<const DeployedChange*> rows;                       // per change of the plan
    std::unordered_map<const DeployedChange*, std::size_t> index;  // and back
  };
  const Placement& placement(const Module& module);
  std::unordered_map<const Module*, Placement> placements_;
  PreparedRun run_;
  Problems problems_;
};

Worklist RevertDecision::decide() {
  if (modules_.size() != 1 && options_.reach != RevertReach::all) {
    throw Error(ErrorCode::usage, "reverting the last change or --to needs exactly one module");
  }
  run_.ledger_version = state_.version;
  for (const Module* module : modules_) choose(*module);
  add_dependants();
  for (auto row = state_.changes.rbegin(); row != state_.changes.rend(); ++row) {
    if (goes(*row)) prepare(*row);
  }
  if (!options_.log_only) add_objects();
  if (options_.drop_extensions) add_dropped_extensions();
  if (options_.verify_remaining) add_remaining();
  problems_.throw_if_any("revert refused");
  return make_worklist("revert", std::move(run_), options_.scope, problems_.warnings());
}

const Module* RevertDecision::module_of(const std::string& package) const {
  for (const Module& module : workspace_.modules) {
    if (module.package == package) return &module;
  }
  return nullptr;
}

const RevertDecision::Placement& RevertDecision::placement(const Module& module) {
  const auto [found, added] = placements_.try_emplace(&module);
  if (added) {
    found->second.rows = deployed_instances(module, state_);
    for (std::size_t i = 0; i < found->second.rows.size(); ++i) {
      if (const DeployedChange* row = found->second.rows[i]) found->second.index.emplace(row, i);
    }
  }
  return found->second;
}

const std::vector<const DeployedChange*>& RevertDecision::instances(const Module& module) {
  return placement(module).rows;
}

std::optional<std::size_t> RevertDecision::planned_index(const Module& module,
                                                         const DeployedChange& row) {
  const Placement& placed = placement(module);
  const auto found = placed.index.find(&row);
  if (found == placed.index.end()) return std::nullopt;
  return found->second;
}

void RevertDecision::choose(const Module& module) {
  std::vector<const DeployedChange*> rows;
  if (options_.reach == RevertReach::to) {
    rows = rows_after(module, options_.to);
  } else {
    for (const DeployedChange& row : state_.changes) {
      if (row.package == module.package) rows.push_back(&row);
    }
    if (options_.reach == RevertReach::last && rows.size() > 1)
      rows.erase(rows.begin(), rows.end() - 1);
  }
  for (const DeployedChange* row : rows) {
    going_.insert(row);
    reasons_[row] = "asked for";
  }
}

/// HEAD and ROOT mean the last and first *deployed* change here, so that `--to HEAD^` takes one
/// change back.
std::size_t RevertDecision::deployed_position(const Module& module, const ChangeRef& ref) {
  std::vector<std::size_t> deployed;
  const std::vector<const DeployedChange*>& rows = instances(module);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != nullptr) deployed.push_back(i);
  }
  const long last = static_cast<long>(deployed.size()) - 1;
  const long position = (ref.change == "HEAD" ? last : 0) + ref.offset;
  if (position < 0 || position > last) {
    throw Error(ErrorCode::configuration,
                fmt::format("{} is outside what is deployed of module {} ({} changes)",
                            ref.to_string(), module.package, deployed.size()));
  }
  return deployed[static_cast<std::size_t>(position)];
}

std::vector<const DeployedChange*> RevertDecision::rows_after(const Module& module,
                                                              const std::string& to) {
  const ChangeRef ref = parse_to(module, to);
  const bool symbolic = ref.change == "HEAD" || ref.change == "ROOT";
  const std::vector<const DeployedChange*>& rows = instances(module);
  const bool nothing_deployed = placement(module).index.empty();
  if (symbolic && nothing_deployed) return {};
  const std::size_t stays = symbolic ? deployed_position(module, ref) : resolve_to(module, to);
  std::vector<const DeployedChange*> after(rows.begin() + static_cast<std::ptrdiff_t>(stays) + 1,
                                           rows.end());
  std::erase(after, nullptr);
  if (rows[stays] == nullptr) return after;
  for (const DeployedChange* row : unplanned_changes(module, state_)) {
    if (row > rows[stays]) after.push_back(row);  // rows stand in deployment order
  }
  return after;
}

void RevertDecision::add_dependants() {
  std::unordered_map<std::string, std::vector<const DeployedChange*>> dependants;
  for (const DeployedChange& row : state_.changes) {
    for (const std::string& reference : row.requires_changes) {
      dependants[qualified(reference, row.package)].push_back(&row);
    }
  }
  std::vector<const DeployedChange*> open(going_.begin(), going_.end());
  std::sort(open.begin(), open.end());
  while (!open.empty()) {
    const DeployedChange* row = open.back();
    open.pop_back();
    std::string blocking;
    for (const DeployedChange* dependant : dependants[qualified(*row)]) {
      if (goes(*dependant)) continue;
      blocking += (blocking.empty() ? "" : ", ") + qualified(*dependant);
      if (!options_.cascade) continue;
      going_.insert(dependant);
      reasons_[dependant] = "depends on " + qualified(*row);
      open.push_back(dependant);
    }
    if (blocking.empty() || options_.cascade) continue;
    problems_.add(ErrorCode::refused, {},
                  fmt::format("Cannot revert {}: required by {}", row->name, blocking),
                  "--cascade reverts them first");
  }
}

void RevertDecision::prepare(const DeployedChange& row) {
  const Module* module = module_of(row.package);
  if (module == nullptr && !options_.log_only) {
    problems_.add(
        ErrorCode::refused, {},
        fmt::format("{} would have to be reverted, but module {} is not in this workspace",
                    qualified(row), row.package),
        "its revert scripts are needed: run this in a workspace that has it");
    return;
  }
  PreparedStep step;
  step.step.action = Action::revert;
  step.step.module = row.package;
  const auto renamed = renamed_.find(&row);
  step.step.change = renamed == renamed_.end() ? row.name : renamed->second;
  step.step.requires_changes = row.requires_changes;
  step.step.reason = reasons_[&row];
  step.record.package = row.package;
  step.record.change = step.step.change;
  for (const IntentRow& intent : state_.intents) {
    if (intent.package == row.package && intent.change == step.step.change) step.intent = intent;
  }
  if (module != nullptr) prepare_planned(*module, row, step);
  if (run_.modules.empty() || run_.modules.back().module != row.package) {
    run_.modules.emplace_back().module = row.package;
  }
  run_.modules.back().steps.push_back(std::move(step));
}

/// What the plan knows about a change that goes: its scripts, and the instance it reworked.
void RevertDecision::prepare_planned(const Module& module, const DeployedChange& row,
                                     PreparedStep& step) {
  std::string script_name = row.name;
  AfterRevert after = AfterRevert::must_fail;
  if (const auto index = planned_index(module, row)) {
    script_name = module.plan.changes[*index].script_name;
    const auto former = former_instance(module.plan, *index);
    const DeployedChange* reworked = former ? instances(module)[*former] : nullptr;
    if (reworked != nullptr) {
      after = AfterRevert::may_pass;  // what the rework replaced is there again, and may satisfy
                                      // the same verify script
      const std::string& plain = module.plan.changes[*index].name;
      if (step.step.change == plain) {
        step.rename = std::pair(reworked->name, plain);
        renamed_[reworked] = plain;
      }
    }
  }
  if (!options_.log_only) load_scripts(module, script_name, after, step);
}

/// Either script may say so: an irreversible change often has no revert script at all.
bool RevertDecision::is_irreversible(const Module& module, const std::string& script_name,
                                     const StoredScript& revert) const {
  if (revert && revert.script->header().irreversible) return true;
  const StoredScript deploy = load_script(module, Module::ScriptKind::deploy, script_name);
  return deploy && deploy.script->header().irreversible;
}

void RevertDecision::load_scripts(const Module& module, const std::string& script_name,
                                  AfterRevert after, PreparedStep& step) {
  step.script = load_script(module, Module::ScriptKind::revert, script_name);
  if (is_irreversible(module, script_name, step.script)) {
    problems_.add(
        ErrorCode::refused, {step.script.shown_file, 0, 0},
        fmt::format("change {}:{} is declared irreversible", module.package, step.step.change),
        "take its row back without running anything: --log-only");
    return;
  }
  if (!step.script) {
    problems_.add(
        ErrorCode::script_missing, {step.script.shown_file, 0, 0},
        fmt::format("change {}:{} has no revert script", module.package, step.step.change),
        "write it, or take the row back without running anything: --log-only");
    return;
  }
  step.step.script_file = step.script.shown_file;
  step.step.transactional = step.script.script->transactional() &&
                            options_.scope != TransactionScope::none &&
                            !step.intent;  // what was begun outside a transaction is finished there
  problems_.add_script(step.script.script->problems());
  if (after == AfterRevert::may_pass) return;
  StoredScript verify = load_script(module, Module::ScriptKind::verify, script_name);
  if (!verify || verify.script->has_errors() || !verify.script->transactional()) return;
  step.step.verify_file = verify.shown_file;
  step.verify = std::move(verify);
}

void RevertDecision::add_dropped_extensions() {
  std::unordered_set<std::string> staying, dropped;
  for (const DeployedChange& row : state_.changes) {
    if (!goes(row)) staying.insert(row.package);
  }
  std::unordered_set<std::string> needed{"plpgsql"};
  for (const Module& module : workspace_.modules) {
    if (!staying.contains(module.package)) continue;
    needed.insert(module.control.requires_modules.begin(), module.control.requires_modules.end());
  }
  for (PreparedModule& prepared : run_.modules) {
    const Module* module = module_of(prepared.module);
    if (module == nullptr) continue;
    for (const std::string& name : module->control.requires_modules) {
      const bool last_use = !needed.contains(name) && workspace_.find(name) == nullptr;
      if (last_use && dropped.insert(name).second)
        run_.modules.back().drop_extensions.push_back(name);
    }
  }
}

void RevertDecision::add_objects() {
  for (const auto& [package, recorded] : objects_) add_objects(package, recorded);
}

/// They go with the last change of their module. Before that what stands in the way of a revert
/// script comes back as it was.
void RevertDecision::add_objects(const std::string& package,
                                 const std::vector<ObjectChange>& recorded) {
  const bool something_stays =
      std::any_of(state_.changes.begin(), state_.changes.end(),
                  [&](const DeployedChange& row) { return row.package == package && !goes(row); });
  const auto is_part = [&](const PreparedModule& part) { return part.module == package; };
  auto part = std::find_if(run_.modules.begin(), run_.modules.end(), is_part);
  if (something_stays) {
    for (; part != run_.modules.end(); part = std::find_if(part + 1, run_.modules.end(), is_part))
      part->objects = PreparedObjects{nullptr, {}, true, PreparedObjects::End::as_they_were};
    return;
  }
  const bool is_asked_for =
      options_.reach == RevertReach::all &&
      std::any_of(modules_.begin(), modules_.end(),
                  [&](const Module* module) { return module->package == package; });
  if (part == run_.modules.end() && !is_asked_for) return;
  if (part == run_.modules.end()) {
    part = run_.modules.emplace(run_.modules.end());
    part->module = package;
  }
  part->removed_objects = recorded;
}

void RevertDecision::add_remaining() {
  for (const Module* module : modules_) {
    const std::vector<const DeployedChange*>& rows = instances(*module);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Change& change = module->plan.changes[i];
      if (rows[i] == nullptr || goes(*rows[i]) || change.superseded) continue;
      PreparedStep step;
      step.step.action = Action::verify;
      step.step.module = module->package;
      step.step.change = rows[i]->name;
      step.verify = load_script(*module, Module::ScriptKind::verify, change.script_name);
      if (step.verify) run_.remaining.push_back(std::move(step));
    }
  }
}

}  // namespace

Worklist decide_revert(const Workspace& workspace, const std::vector<const Module*>& modules,
                       const RegistryState& state, const RevertOptions& options,
                       const std::map<std::string, std::vector<ObjectChange>>& objects) {
  return RevertDecision(workspace, modules, state, options, objects).decide();
}

}  // namespace pgpm
