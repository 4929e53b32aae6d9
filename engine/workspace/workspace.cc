#include "pgpm/workspace.h"

#include <fmt/format.h>

#include <algorithm>

namespace pgpm {
namespace {

/// The names of changes have no '@', those of superseded instances do.
const std::string& folder_of(const ModuleLayout& layout, Module::ScriptKind kind,
                             std::string_view script_name) {
  const bool superseded = script_name.find('@') != std::string_view::npos;
  return (superseded ? layout.superseded : layout.scripts)[static_cast<std::size_t>(kind)];
}

}  // namespace

std::filesystem::path Module::script_path(ScriptKind kind, std::string_view script_name) const {
  return script_file(kind, script_name);
}

std::string Module::script_file(ScriptKind kind, std::string_view script_name) const {
  // Not formatted: this is done for each of ten thousand scripts.
  const std::string_view folder = folder_of(layout, kind, script_name);
  std::string file;
  file.reserve(dir.native().size() + folder.size() + script_name.size() + 6);
  return file.append(dir.native())
      .append("/")
      .append(folder)
      .append("/")
      .append(script_name)
      .append(".sql");
}

std::string Module::relative_script(ScriptKind kind, std::string_view script_name) const {
  return fmt::format("{}/{}.sql", folder_of(layout, kind, script_name), script_name);
}

std::filesystem::path Module::script_folder(ScriptKind kind, Instance instance) const {
  const auto& folders = instance == Instance::newest ? layout.scripts : layout.superseded;
  return dir / folders[static_cast<std::size_t>(kind)];
}

std::filesystem::path Module::plan_path() const {
  return (dir / layout.plan).lexically_normal();
}

std::filesystem::path Module::objects_folder() const {
  return dir / "objects";
}

bool Module::has_objects_folder() const {
  std::error_code error;
  return !layout.is_sqitch_project && std::filesystem::is_directory(objects_folder(), error);
}

void Module::set_psql_variable(const std::string& variable, const std::string& value) {
  for (Variables& variables : psql_variables) variables[variable] = value;
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
