#include "pgpm/worklist.h"

#include "engine/migrate/prepared_run.h"

namespace pgpm {

std::size_t Worklist::changes() const {
  std::size_t count = 0;
  for (const ModuleSteps& module : modules) count += module.steps.size();
  return count;
}

std::size_t Worklist::object_changes() const {
  std::size_t count = 0;
  for (const ModuleSteps& module : modules) count += module.objects.size();
  return count;
}

std::size_t Worklist::skipped() const {
  std::size_t count = 0;
  for (const ModuleSteps& module : modules) count += module.skipped;
  return count;
}

bool Worklist::empty() const {
  for (const ModuleSteps& module : modules) {
    if (!module.steps.empty() || !module.late_tags.empty() || !module.objects.empty()) return false;
  }
  return true;
}

Worklist make_worklist(std::string command, PreparedRun run, TransactionScope scope,
                       std::vector<Diagnostic> warnings) {
  Worklist worklist;
  worklist.command = std::move(command);
  worklist.scope = scope;
  worklist.warnings = std::move(warnings);
  for (const PreparedModule& module : run.modules) {
    ModuleSteps& steps = worklist.modules.emplace_back();
    steps.module = module.module;
    steps.extensions = module.extensions;
    steps.skipped = module.skipped;
    for (const PreparedStep& step : module.steps) steps.steps.push_back(step.step);
    if (module.tests != nullptr)
      for (const TestStep& test : module.tests->plan)
        if (test.kind != TestStep::Kind::teardown)
          steps.tests.push_back(shown_test_path(test.path));
    for (const auto& tag : module.late_tags) steps.late_tags.push_back(tag.first);
    steps.objects = module.removed_objects;
    if (module.objects && module.objects->end == PreparedObjects::End::as_declared)
      steps.objects = module.objects->changes;
  }
  worklist.prepared = std::make_shared<const PreparedRun>(std::move(run));
  return worklist;
}

}  // namespace pgpm
