// One pass over the modules in order. What is already deployed is checked for edits; what is
// pending gets its scripts read, its requirements looked up among what is deployed or comes earlier
// in this run, and its ledger row prepared.
#include "engine/migrate/deploy_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "engine/migrate/edits.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/module_tests.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/problems.h"
#include "engine/migrate/script_loads.h"
#include "engine/migrate/sentence.h"
#include "engine/migrate/to_option.h"
#include "engine/text/file.h"

namespace pgpm {

namespace {

class DeployDecision {
 public:
  DeployDecision(const Resolution& resolution, const RegistryState& state,
                 const ExtensionFacts& extensions, const DeployOptions& options,
                 const ScriptHashes& hashes, const ObjectFacts& objects)
      : resolution_(resolution),
        state_(state),
        extensions_(extensions),
        options_(options),
        hashes_(hashes),
        objects_(objects) {}

  Worklist decide();

 private:
  void find_end();
  void decide_module(const ResolvedModule& resolved);
  std::size_t end_of(const ResolvedModule& resolved) const;
  void check_file(const Module& module, const Change& change, const DeployedChange& row,
                  FileState state);
  void add_extensions(const ResolvedModule& resolved, PreparedModule& prepared);
  void add_step(const ResolvedModule& resolved, std::size_t index,
                const std::vector<const DeployedChange*>& rows, ChangeScripts scripts,
                PreparedModule& prepared);
  ScriptLoads pending_scripts(const Module& module, const std::vector<const DeployedChange*>& rows,
                              std::size_t end) const;
  void add_late_tags(const Module& module, const std::vector<const DeployedChange*>& rows,
                     PreparedModule& prepared);
  void warn_unverified(const Module& module);
  void add_tests(const Module& module, PreparedModule& prepared);
  void add_objects(const std::vector<const DeployedChange*>& rows, std::size_t end,
                   PreparedModule& prepared);
  void add_scripts(const Module& module, const Change& change, ChangeScripts scripts,
                   PreparedStep& step);
  void check_dependencies(const ResolvedModule& resolved, std::size_t change, PreparedStep& step);
  std::string reference_to(const ResolvedDependency& dependency) const;
  SourceLocation plan_line(const Module& module, const Change& change) const;
  PreparedRun without_idle_requirements();

  const Resolution& resolution_;
  const RegistryState& state_;
  const ExtensionFacts& extensions_;
  const DeployOptions& options_;
  const ScriptHashes& hashes_;
  const ObjectFacts& objects_;
  const ResolvedModule* to_module_ = nullptr;
  std::size_t to_ = 0;
  std::unordered_set<std::string> coming_;  // "package:change" of steps decided so far
  std::unordered_set<std::string>
      planned_extensions_;  // to be created by an earlier module of this run
  struct Unverified {
    SourceLocation where;
    std::string message, name;
  };
  std::vector<Unverified> unverified_;  // of the module at hand
  PreparedRun run_;
  Problems problems_;
};

Worklist DeployDecision::decide() {
  run_.ledger_version = state_.version;
  find_end();
  for (const ResolvedModule& resolved : resolution_.modules) decide_module(resolved);
  problems_.throw_if_any("deploy refused");
  std::vector<Diagnostic> warnings = resolution_.warnings;
  warnings.insert(warnings.end(), problems_.warnings().begin(), problems_.warnings().end());
  return make_worklist("deploy", without_idle_requirements(), options_.scope, std::move(warnings));
}

void DeployDecision::find_end() {
  if (options_.to.empty()) return;
  for (const ResolvedModule& resolved : resolution_.modules) {
    if (!resolved.requested) continue;
    if (to_module_ != nullptr) throw Error(ErrorCode::usage, "--to needs exactly one module");
    to_module_ = &resolved;
  }
  if (to_module_ == nullptr) throw Error(ErrorCode::usage, "--to needs a module");
  to_ = resolve_to(*to_module_->module, options_.to);
}

std::size_t DeployDecision::end_of(const ResolvedModule& resolved) const {
  return &resolved == to_module_ ? to_ + 1 : resolved.module->plan.changes.size();
}

void DeployDecision::decide_module(const ResolvedModule& resolved) {
  const Module& module = *resolved.module;
  PreparedModule prepared;
  prepared.module = module.package;
  const std::vector<const DeployedChange*> rows = deployed_instances(module, state_);
  const std::size_t end = end_of(resolved);
  std::vector<FileState> files;
  if (options_.on_edited != OnEdited::ignore) files = compare_files(module, rows, hashes_);
  ScriptLoads scripts = pending_scripts(module, rows, end);
  prepared.steps.reserve(scripts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != nullptr) {
      if (!files.empty()) check_file(module, module.plan.changes[i], *rows[i], files[i]);
      if (i < end) ++prepared.skipped;
    } else if (i < end) {
      add_step(resolved, i, rows, scripts.take_next(), prepared);
    }
  }
  add_objects(rows, end, prepared);
  const bool moves_on = !prepared.steps.empty() || prepared.brings_objects();
  if (moves_on) add_extensions(resolved, prepared);
  if (moves_on && options_.test) add_tests(module, prepared);
  warn_unverified(module);
  add_late_tags(module, rows, prepared);
  run_.modules.push_back(std::move(prepared));
}

ScriptLoads DeployDecision::pending_scripts(const Module& module,
                                            const std::vector<const DeployedChange*>& rows,
                                            std::size_t end) const {
  std::vector<ScriptLoads::Wanted> wanted;
  wanted.reserve(static_cast<std::size_t>(std::count(rows.begin(), rows.end(), nullptr)));
  for (std::size_t i = 0; i < std::min(rows.size(), end); ++i) {
    if (rows[i] == nullptr) wanted.push_back(hashes_.take(module, i));
  }
  const bool verified = options_.verify && !options_.log_only;
  return {module, std::move(wanted), verified ? VerifyScripts::read : VerifyScripts::leave};
}

/// Only a module whose whole plan is deployed is given what its files declare.
void DeployDecision::add_objects(const std::vector<const DeployedChange*>& rows, std::size_t end,
                                 PreparedModule& prepared) {
  const auto facts = objects_.find(prepared.module);
  if (facts == objects_.end() || options_.log_only) return;
  bool is_whole = true;
  for (std::size_t i = end; i < rows.size(); ++i) is_whole = is_whole && rows[i] != nullptr;
  const objects::ModuleObjects& found = facts->second;
  if (prepared.steps.empty() && (found.changes.empty() || !is_whole)) return;
  if (!is_whole && found.recorded == 0) return;
  prepared.objects = PreparedObjects{
      found.declared, found.changes, found.recorded > 0,
      is_whole ? PreparedObjects::End::as_declared : PreparedObjects::End::as_they_were};
  if (is_whole)
    for (const Diagnostic& warning : found.warnings)
      problems_.warn(warning.where, warning.message, warning.hint);
}

/// Required modules are taken along for the sake of the module asked for. With --to already reached
/// there is nothing to take them along for.
PreparedRun DeployDecision::without_idle_requirements() {
  if (to_module_ == nullptr) return std::move(run_);
  for (const PreparedModule& prepared : run_.modules) {
    const bool moves_on = !prepared.steps.empty() || prepared.brings_objects();
    if (prepared.module == to_module_->module->package && moves_on) return std::move(run_);
  }
  for (PreparedModule& prepared : run_.modules) {
    if (prepared.module != to_module_->module->package)
      prepared = {prepared.module, {}, {}, {}, {}, prepared.skipped, {}, {}, {}};
  }
  return std::move(run_);
}

SourceLocation DeployDecision::plan_line(const Module& module, const Change& change) const {
  return {module.plan.file, change.line, 0};
}

void DeployDecision::check_file(const Module& module, const Change& change,
                                const DeployedChange& row, FileState state) {
  if (state == FileState::as_deployed) return;
  const std::string file =
      shown_path(module.script_path(Module::ScriptKind::deploy, change.script_name));
  if (state == FileState::missing) {
    problems_.warn(
        {file, 0, 0},
        fmt::format("the script of deployed change {}:{} is gone", module.package, row.name),
        "restore the file: it is needed to deploy elsewhere");
    return;
  }
  Diagnostic found{Severity::error,
                   {file, 0, 0},
                   fmt::format("deploy script of {}:{} was edited since it was deployed at {}",
                               module.package, row.name, row.deployed_at),
                   {},
                   "restore it and write a new change (or rework this one); if the edit is "
                   "harmless, record it with "
                   "`pgpm migrate accept`"};
  if (options_.on_edited == OnEdited::warn) {
    problems_.warn(found.where, found.message, found.hint);
  } else {
    problems_.add(ErrorCode::edited_script, std::move(found));
  }
}

void DeployDecision::add_extensions(const ResolvedModule& resolved, PreparedModule& prepared) {
  for (const std::string& name : resolved.native_extensions) {
    if (extensions_.installed.contains(name)) continue;
    if (extensions_.unavailable.contains(name)) {
      problems_.add(
          ErrorCode::refused,
          {resolved.module->control.file, resolved.module->control.requires_line, 0},
          fmt::format("module {} requires the extension {}, which this server does not offer",
                      resolved.module->package, name),
          fmt::format(
              "install the package that provides {} on the server, or put a module of that name "
              "into the workspace",
              name));
    } else if (planned_extensions_.insert(name).second) {
      prepared.extensions.push_back(name);
    }
  }
}

void DeployDecision::add_step(const ResolvedModule& resolved, std::size_t index,
                              const std::vector<const DeployedChange*>& rows, ChangeScripts scripts,
                              PreparedModule& prepared) {
  const Module& module = *resolved.module;
  const Change& change = module.plan.changes[index];
  PreparedStep step;
  step.step.action = options_.log_only ? Action::log_only : Action::deploy;
  step.step.module = module.package;
  step.step.change = change.script_name;
  step.step.tags = module.plan.tags_of(index);
  step.step.reason = resolved.requested ? "pending" : "required";
  if (const auto former = former_instance(module.plan, index); former && rows[*former] != nullptr) {
    const std::string& recorded = rows[*former]->name;
    if (recorded == change.name) {
      step.rename = std::pair(recorded, module.plan.changes[*former].script_name);
      coming_.insert(module.package + ":" + step.rename->second);
    }
  }
  add_scripts(module, change, std::move(scripts), step);
  check_dependencies(resolved, index, step);
  step.record = {module.package,
                 change.script_name,
                 step.script.hash,
                 {},
                 step.step.requires_changes,
                 step.step.tags,
                 0};
  for (const IntentRow& intent : state_.intents) {
    if (intent.package == module.package && intent.change == change.script_name)
      step.intent = intent;
  }
  // What was begun outside a transaction is finished there, whatever scope this run has.
  if (step.intent && !options_.log_only) step.step.transactional = false;
  coming_.insert(module.package + ":" + change.script_name);
  prepared.steps.push_back(std::move(step));
}

void DeployDecision::add_scripts(const Module& module, const Change& change, ChangeScripts scripts,
                                 PreparedStep& step) {
  step.script = std::move(scripts.deploy);
  if (!step.script) {
    problems_.add(ErrorCode::script_missing, plan_line(module, change),
                  fmt::format("change {}:{} has no deploy script: {} does not exist",
                              module.package, change.script_name, step.script.shown_file),
                  "write the script, or take the change out of the plan");
    return;
  }
  step.step.script_file = step.script.shown_file;
  step.step.transactional =  // a ledger row alone needs nothing special
      options_.log_only ||
      (step.script.script->transactional() && options_.scope != TransactionScope::none);
  if (options_.log_only) return;
  problems_.add_script(step.script.script->problems());
  if (!options_.verify) return;
  step.verify = std::move(scripts.verify);
  if (step.verify) {
    step.step.verify_file = step.verify.shown_file;
    problems_.add_script(step.verify.script->problems());
    return;
  }
  const std::string missing =
      fmt::format("change {}:{} has no verify script: {} does not exist", module.package,
                  change.script_name, step.verify.shown_file);
  if (options_.strict) {
    problems_.add(ErrorCode::script_missing, plan_line(module, change), missing);
  } else {
    unverified_.push_back({plan_line(module, change), missing, change.script_name});
  }
}

/// One warning for a module, however many verify scripts it lacks.
void DeployDecision::warn_unverified(const Module& module) {
  if (unverified_.size() == 1) {
    problems_.warn(unverified_.front().where, unverified_.front().message,
                   "without it nothing proves that the change works");
  } else if (!unverified_.empty()) {
    std::vector<std::string> names;
    for (const Unverified& change : unverified_) names.push_back(change.name);
    problems_.warn({module.plan.file, 0, 0},
                   fmt::format("{} changes of module {} have no verify script: {}", names.size(),
                               module.package, sentence_list(names)),
                   "without it nothing proves that a change works");
  }
  unverified_.clear();
}

void DeployDecision::add_tests(const Module& module, PreparedModule& prepared) {
  TestSuite suite = load_tests(module);
  problems_.add_script(suite.problems());
  if (suite.empty())
    problems_.warn({module.plan.file, 0, 0},
                   fmt::format("module {} has no tests: nothing was tested", module.package),
                   "tests are SQL files below __tests__/");
  else
    prepared.tests = std::make_shared<const TestSuite>(std::move(suite));
}

/// What the ledger will call the change that is meant, "" if it is neither deployed nor comes
/// earlier in this run. An instance that is about to be reworked may still be recorded under its
/// plain name.
std::string DeployDecision::reference_to(const ResolvedDependency& dependency) const {
  std::string name = dependency.to_string();
  if (coming_.contains(name) || state_.find(dependency.package, dependency.change) != nullptr)
    return name;
  const ResolvedModule* module = resolution_.find_package(dependency.package);
  const DeployedChange* row = module == nullptr
                                  ? find_outside(dependency.package, dependency.change, state_)
                                  : find_instance(*module->module, dependency.change, state_);
  return row == nullptr ? std::string() : row->package + ":" + row->name;
}

void DeployDecision::check_dependencies(const ResolvedModule& resolved, std::size_t change,
                                        PreparedStep& step) {
  std::string missing, conflicting;
  SourceLocation where;
  for (const ResolvedDependency& dependency : resolved.dependencies[change]) {
    const std::string reference = reference_to(dependency);
    const bool required = dependency.kind == Dependency::Kind::requires_change;
    if (required && !reference.empty()) step.step.requires_changes.push_back(reference);
    if (required == !reference.empty()) continue;
    if (missing.empty() && conflicting.empty()) where = dependency.where;
    std::string& list = required ? missing : conflicting;
    list += (list.empty() ? "" : ", ") + dependency.to_string();
  }
  const std::string& name = step.step.change;
  if (!missing.empty()) {
    problems_.add(ErrorCode::refused, where,
                  fmt::format("Missing required changes for {}: {}", name, missing),
                  "deploy the module they are in first, or leave --no-recursive away");
  }
  if (!conflicting.empty()) {
    problems_.add(ErrorCode::refused, where,
                  fmt::format("{} conflicts with what is deployed: {}", name, conflicting),
                  "revert the conflicting change first");
  }
}

void DeployDecision::add_late_tags(const Module& module,
                                   const std::vector<const DeployedChange*>& rows,
                                   PreparedModule& prepared) {
  if (state_.version == 0)
    return;  // a ledger without a tags table; deploying something upgrades it
  std::unordered_set<std::string> recorded;
  for (const DeployedTag& tag : state_.tags) {
    if (tag.package == module.package) recorded.insert(tag.tag);
  }
  for (const Tag& tag : module.plan.tags) {
    if (tag.change < rows.size() && rows[tag.change] != nullptr && !recorded.contains(tag.name)) {
      prepared.late_tags.emplace_back(tag.name, rows[tag.change]->name);
    }
  }
}

}  // namespace

Worklist decide_deploy(const Resolution& resolution, const RegistryState& state,
                       const ExtensionFacts& extensions, const DeployOptions& options,
                       const ScriptHashes& hashes, const ObjectFacts& objects) {
  return DeployDecision(resolution, state, extensions, options, hashes, objects).decide();
}

}  // namespace pgpm
