#include "engine/proof/prove_plan.h"

#include <utility>

#include "engine/migrate/deploy_plan.h"
#include "engine/migrate/instances.h"

namespace pgpm::proof {

namespace {

PreparedStep revert_of(const Module& module, const PreparedStep& deploy) {
  PreparedStep revert;
  revert.step.action = Action::revert;
  revert.step.module = deploy.step.module;
  revert.step.change = deploy.step.change;
  revert.record.package = deploy.record.package;
  revert.record.change = deploy.record.change;
  revert.script = load_script(module, Module::ScriptKind::revert, deploy.step.change);
  revert.step.transactional = !revert.script || revert.script.script->transactional();
  return revert;
}

/// Either script may say so, as for `pgpm revert`.
bool is_irreversible(const ProofStep& step) {
  const auto says_so = [](const StoredScript& stored) {
    return stored && stored.script->header().irreversible;
  };
  return says_so(step.revert.script) || says_so(step.deploy.script);
}

ProofStep proof_step(const Module& module, const PreparedStep& prepared) {
  ProofStep step;
  step.deploy = prepared;
  step.verify = std::exchange(step.deploy.verify, {});
  step.deploy.step.verify_file.clear();
  step.revert = revert_of(module, step.deploy);
  step.irreversible = is_irreversible(step);
  return step;
}

DeployOptions deploy_options(const ProveOptions& options) {
  DeployOptions deploy;
  static_cast<RunOptions&>(deploy) = options;
  deploy.to = options.to;
  deploy.strict = false;  // what a missing verify script is worth is not what is proven here
  return deploy;
}

}  // namespace

std::size_t ProofPlan::changes() const {
  std::size_t count = 0;
  for (const ProofModule& module : modules) count += module.steps.size();
  return count;
}

std::size_t ProofPlan::checks() const {
  std::size_t count = changes();
  for (const ProofModule& module : modules) count += module.objects ? 1u : 0u;
  return count;
}

ProofPlan plan_proof(const Resolution& resolution, const ExtensionFacts& extensions,
                     const ProveOptions& options, const ObjectFacts& objects) {
  Worklist worklist =
      decide_deploy(resolution, RegistryState{}, extensions, deploy_options(options), {}, objects);
  ProofPlan plan;
  plan.warnings = std::move(worklist.warnings);
  for (const PreparedModule& prepared : worklist.prepared->modules) {
    const Module& module = *resolution.find_package(prepared.module)->module;
    ProofModule& proven = plan.modules.emplace_back();
    proven.module = prepared.module;
    proven.extensions = prepared.extensions;
    if (prepared.brings_objects()) proven.objects = prepared.objects->declared;
    // Nothing is deployed before, so the steps are the plan's first changes.
    for (std::size_t i = 0; i < prepared.steps.size(); ++i) {
      proven.steps.push_back(proof_step(module, prepared.steps[i]));
      proven.steps.back().reworks = former_instance(module.plan, i).has_value();
    }
  }
  return plan;
}

}  // namespace pgpm::proof
