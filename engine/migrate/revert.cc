#include "pgpm/revert.h"

#include "engine/migrate/module_choice.h"
#include "engine/migrate/object_facts.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/revert_plan.h"
#include "engine/migrate/verb.h"

namespace pgpm {

namespace {

RegistryState read_everything(db::Connection& connection) {
  return registry::read_state(connection, registry::Detail::everything);
}

Worklist decide_on(const RegistryState& state, db::Connection& connection,
                   const Workspace& workspace, const std::vector<const Module*>& modules,
                   const RevertOptions& options) {
  objects::Owners owners;
  for (const auto& [package, number] : state.managed_objects) owners.insert(package);
  Worklist worklist =
      decide_revert(workspace, modules, state, options,
                    owners.empty() ? std::map<std::string, std::vector<ObjectChange>>()
                                   : objects::recorded_objects(connection, owners));
  worklist.database = connection.database();
  return worklist;
}

}  // namespace

Worklist plan_revert(const Workspace& workspace, const Target& target, const RevertOptions& options,
                     std::stop_token stop) {
  const std::vector<const Module*> modules = choose_modules(workspace, options.modules);
  db::Connection connection = open_for_reading(target, std::move(stop));
  return decide_on(read_everything(connection), connection, workspace, modules, options);
}

RunReport revert(const Workspace& workspace, const Target& target, const RevertOptions& options,
                 Observer& observer, std::stop_token stop, const Approval& approve) {
  const std::vector<const Module*> modules = choose_modules(workspace, options.modules);
  VerbRun verb("revert", options, observer, stop);
  return verb.guard([&] {
    Approver approver(approve);
    db::Connection connection = open_for_writing(target, options, verb.stop());
    const RegistryState state = read_everything(connection);
    Worklist worklist = decide_on(state, connection, workspace, modules, options);
    if (worklist.empty()) return verb.nothing_to_do(worklist);
    approver.ask(worklist);
    const db::RunLock lock = take_run_lock(connection, options, verb.observer());
    // As in deploy(): another run may have come first.
    if (const RegistryState now = read_everything(connection); now != state)
      worklist = decide_on(now, connection, workspace, modules, options);
    if (worklist.empty()) return verb.nothing_to_do(worklist);
    approver.ask(worklist);
    return verb.run(connection, worklist, [&] { registry::install(connection); });
  });
}

}  // namespace pgpm
