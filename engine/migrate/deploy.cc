#include "pgpm/deploy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "engine/db/admin.h"
#include "engine/db/preflight.h"
#include "engine/migrate/deploy_plan.h"
#include "engine/migrate/edits.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/module_choice.h"
#include "engine/migrate/native_extensions.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/run.h"
#include "engine/migrate/script_hashes.h"
#include "engine/migrate/verb.h"

namespace pgpm {

namespace {

/// What is committed change by change cannot be taken back by a test that fails later.
void require_testable(const DeployOptions& options) {
  if (!options.test) return;
  const bool together =
      options.scope == TransactionScope::module || options.scope == TransactionScope::run;
  if (!together)
    throw Error(ErrorCode::usage, fmt::format("--test does not go with --tx {}: what is committed "
                                              "change by change cannot be rolled back",
                                              scope_name(options.scope)))
        .hint("use --tx module or --tx run, or `pgpm test` afterwards");
  if (options.log_only)
    throw Error(ErrorCode::usage, "--test does not go with --log-only: there is nothing to test");
}

Resolution resolve_for(const Workspace& workspace, const DeployOptions& options) {
  require_testable(options);
  require_sound(workspace);
  return resolve(workspace, options.modules,
                 options.recursive ? Closure::with_required : Closure::only_named);
}

std::vector<const Module*> all_of(const Workspace& workspace) {
  std::vector<const Module*> modules;
  for (const Module& module : workspace.modules) modules.push_back(&module);
  return modules;
}

ReadAhead ahead_for(const DeployOptions& options) {
  const bool verified = options.verify && !options.log_only;
  return verified ? ReadAhead::deploy_and_verify_scripts : ReadAhead::deploy_scripts;
}

/// What the files contribute to the decision.
class Plans {
 public:
  Plans(const Workspace& workspace, const DeployOptions& options) {
    const bool compares = options.on_edited != OnEdited::ignore;
    // If all modules are wanted, which those are is known, and its readers work while we resolve.
    if (compares && options.modules.empty()) hashes_.emplace(all_of(workspace), ahead_for(options));
    resolution = resolve_for(workspace, options);
    if (!hashes_)
      hashes_.emplace(compares ? modules_of(resolution) : std::vector<const Module*>(),
                      ahead_for(options));
  }

  const ScriptHashes& hashes() const { return *hashes_; }

  Resolution resolution;

 private:
  std::optional<ScriptHashes> hashes_;
};

/// What the server contributes to it.
struct Facts {
  RegistryState state;
  ExtensionFacts extensions;
  ObjectFacts objects;
  bool operator==(const Facts&) const = default;
};

Facts read_facts(db::Connection& connection, const Resolution& resolution, RegistryState state) {
  return {std::move(state), read_extension_facts(connection, required_extensions(resolution)), {}};
}

/// What is said about an edited script needs more of the ledger than finding that none was edited.
bool any_edited(const Plans& plans, const RegistryState& state, const DeployOptions& options) {
  if (options.on_edited == OnEdited::ignore) return false;
  const auto& modules = plans.resolution.modules;
  return std::any_of(modules.begin(), modules.end(), [&](const ResolvedModule& resolved) {
    return any_differs(*resolved.module, deployed_instances(*resolved.module, state),
                       plans.hashes());
  });
}

Facts read_facts(db::Connection& connection, const Plans& plans, const DeployOptions& options) {
  RegistryState state = registry::read_state(connection, registry::Detail::names_and_hashes);
  if (any_edited(plans, state, options))
    state = registry::read_state(connection, registry::Detail::rows);
  Facts facts = read_facts(connection, plans.resolution, std::move(state));
  if (!options.log_only)
    facts.objects = read_object_facts(connection, modules_of(plans.resolution), facts.state);
  return facts;
}

Worklist decide_on(db::Connection& connection, const Plans& plans, const Facts& facts,
                   const DeployOptions& options) {
  Worklist worklist = decide_deploy(plans.resolution, facts.state, facts.extensions, options,
                                    plans.hashes(), facts.objects);
  worklist.database = connection.database();
  if (auto warning = db::version_warning(connection.server_version()))
    worklist.warnings.push_back(std::move(*warning));
  return worklist;
}

/// Against a database that is still to be created: nothing is deployed, and what the server offers
/// is asked elsewhere.
Worklist decide_for_new(const Target& target, const Plans& plans, const DeployOptions& options,
                        std::stop_token stop) {
  db::Connection connection = db::open_maintenance(target, std::move(stop));
  db::preflight(connection, db::Intent::write);
  Facts facts = read_facts(connection, plans.resolution, RegistryState{});
  if (!options.log_only)
    facts.objects = foresee_object_facts(connection, modules_of(plans.resolution));
  Worklist worklist = decide_on(connection, plans, facts, options);
  worklist.database = db::database_name(target);
  worklist.create_database = true;
  return worklist;
}

bool must_create(const Target& target, const DeployOptions& options, const std::stop_token& stop) {
  return options.create_database && !db::database_exists(target, stop);
}

}  // namespace

Worklist plan_deploy(const Workspace& workspace, const Target& target, const DeployOptions& options,
                     std::stop_token stop) {
  const Plans plans(workspace, options);
  if (must_create(target, options, stop)) return decide_for_new(target, plans, options, stop);
  db::Connection connection = open_for_reading(target, stop);
  return decide_on(connection, plans, read_facts(connection, plans, options), options);
}

RunReport deploy(const Workspace& workspace, const Target& target, const DeployOptions& options,
                 Observer& observer, std::stop_token stop, const Approval& approve) {
  const Plans plans(workspace, options);
  VerbRun verb("deploy", options, observer, stop);
  return verb.guard([&] {
    Approver approver(approve);
    if (must_create(target, options, verb.stop())) {
      approver.ask(decide_for_new(target, plans, options, verb.stop()));
      verb.database_created(db::create_database(target, verb.stop()));
    }
    db::Connection connection = open_for_writing(target, options, verb.stop());
    const Facts facts = read_facts(connection, plans, options);
    Worklist worklist = decide_on(connection, plans, facts, options);
    if (worklist.empty()) return verb.nothing_to_do(worklist);
    approver.ask(worklist);
    const db::RunLock lock = take_run_lock(connection, options, verb.observer());
    // While we asked and waited, another run may have deployed. If none did, the decision stands,
    // with the scripts as they were when it was approved.
    if (const Facts now = read_facts(connection, plans, options); now != facts)
      worklist = decide_on(connection, plans, now, options);
    if (worklist.empty()) return verb.nothing_to_do(worklist);
    approver.ask(worklist);
    return verb.run(connection, worklist, [&] { registry::install(connection); });
  });
}

}  // namespace pgpm
