#include "engine/migrate/object_facts.h"

#include <fmt/format.h>

#include "engine/text/file.h"

namespace pgpm {

ObjectFacts read_object_facts(db::Connection& connection, const std::vector<const Module*>& modules,
                              const RegistryState& state) {
  ObjectFacts facts;
  for (const Module* module : modules) {
    const bool declares = module->has_objects_folder();
    if (!declares && !state.managed_objects.contains(module->package)) continue;
    facts[module->package] = objects::compare_module(
        connection, module->package, declares ? module->objects_folder().string() : "");
  }
  return facts;
}

ObjectFacts foresee_object_facts(db::Connection& connection,
                                 const std::vector<const Module*>& modules) {
  ObjectFacts facts;
  for (const Module* module : modules)
    if (module->has_objects_folder())
      facts[module->package] =
          objects::foresee_module(connection, module->objects_folder().string());
  return facts;
}

std::vector<Diagnostic> find_object_drift(db::Connection& connection,
                                          const std::vector<const Module*>& modules,
                                          const RegistryState& state) {
  std::map<std::string, const Module*> owners;
  objects::Owners names;
  for (const Module* module : modules) {
    if (!state.managed_objects.contains(module->package)) continue;
    owners[module->package] = module;
    names.insert(module->package);
  }
  std::vector<Diagnostic> found;
  if (names.empty()) return found;
  for (const objects::RecordedObject& object : objects::look_at_modules(connection, names)) {
    if (object.condition == objects::RecordedObject::Condition::as_recorded) continue;
    const Module& module = *owners.at(object.stored.owner);
    const bool is_gone = object.condition == objects::RecordedObject::Condition::gone;
    found.push_back({Severity::error,
                     {shown_path(module.objects_folder() / object.stored.file), 0, 0},
                     fmt::format("{} {} of module {} {}", object_kind_name(object.key.kind),
                                 object.key.identity, module.package,
                                 is_gone ? "is not there" : "is not as it was when it was applied"),
                     {},
                     "`pgpm deploy` makes it what its file says."});
  }
  return found;
}

}  // namespace pgpm
