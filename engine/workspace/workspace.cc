#include "pgpm/workspace.h"

#include <fmt/format.h>

#include <algorithm>

namespace pgpm {

std::filesystem::path Module::script_path(ScriptKind kind, std::string_view script_name) const {
  return script_file(kind, script_name);
}

std::string Module::script_file(ScriptKind kind, std::string_view script_name) const {
  return fmt::format("{}/{}/{}.sql", dir.native(), script_kind_name(kind), script_name);
}

bool Module::is_called(std::string_view spelling) const {
  if (spelling.empty()) return false;
  return spelling == name || spelling == package || spelling == npm_name ||
         std::find(other_names.begin(), other_names.end(), spelling) != other_names.end();
}

const char* script_kind_name(Module::ScriptKind kind) {
  switch (kind) {
    case Module::ScriptKind::deploy:
      return "deploy";
    case Module::ScriptKind::revert:
      return "revert";
    case Module::ScriptKind::verify:
      return "verify";
  }
  return "";
}

const Module* Workspace::find(std::string_view spelling) const {
  if (spelling.empty()) return nullptr;
  // One module's %project may be another one's control name: the control name counts.
  for (const Module& module : modules)
    if (module.name == spelling) return &module;
  for (const Module& module : modules)
    if (module.package == spelling) return &module;
  for (const Module& module : modules)
    if (module.is_called(spelling)) return &module;
  return nullptr;
}

bool Workspace::has_errors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
}

}  // namespace pgpm
