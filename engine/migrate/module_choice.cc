#include "engine/migrate/module_choice.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/nearest.h"

namespace pgpm {

namespace {

Error unknown_module(const Workspace& workspace, const std::string& name) {
  std::vector<std::string> known;
  for (const Module& module : workspace.modules) known.push_back(module.name);
  Error error(ErrorCode::configuration,
              fmt::format("there is no module \"{}\" in this workspace", name));
  const std::string nearest = nearest_name(name, known);
  if (!nearest.empty()) return error.hint(fmt::format("did you mean {}?", nearest));
  return error.hint(fmt::format("known modules: {}", fmt::join(known, ", ")));
}

void throw_errors(std::vector<Diagnostic> errors) {
  if (errors.empty()) return;
  throw Error(ErrorCode::configuration,
              errors.size() == 1 ? errors.front().message
                                 : fmt::format("{} mistakes in the workspace", errors.size()))
      .with(std::move(errors))
      .leaving("nothing was changed");
}

}  // namespace

std::vector<const Module*> choose_modules(const Workspace& workspace,
                                          const std::vector<std::string>& names) {
  std::vector<const Module*> chosen;
  for (const std::string& name : names) {
    const Module* module = workspace.find(name);
    if (module == nullptr) throw unknown_module(workspace, name);
    if (std::find(chosen.begin(), chosen.end(), module) == chosen.end()) chosen.push_back(module);
  }
  if (names.empty()) {
    for (const Module& module : workspace.modules) chosen.push_back(&module);
  }
  std::vector<Diagnostic> errors;
  for (const Diagnostic& found : workspace.diagnostics) {
    const bool ours = std::any_of(chosen.begin(), chosen.end(), [&](const Module* module) {
      return found.where.file == module->plan.file || found.where.file == module->control.file;
    });
    if (found.severity == Severity::error && ours) errors.push_back(found);
  }
  throw_errors(std::move(errors));
  return chosen;
}

void require_sound(const Workspace& workspace) {
  std::vector<Diagnostic> errors;
  for (const Diagnostic& found : workspace.diagnostics) {
    if (found.severity == Severity::error) errors.push_back(found);
  }
  throw_errors(std::move(errors));
}

std::vector<std::string> packages_of(const Resolution& resolution) {
  std::vector<std::string> packages;
  for (const ResolvedModule& resolved : resolution.modules)
    packages.push_back(resolved.module->package);
  return packages;
}

}  // namespace pgpm
