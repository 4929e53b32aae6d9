// pgpm init: new workspaces and modules, from what is built in or from a template directory.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pgpm {

struct InitOptions {
  enum class Kind { workspace, module } kind = Kind::module;
  std::string name;
  std::vector<std::string> requires_modules;  ///< of a module
  /// A directory whose files are copied, with ____NAME____ in paths and texts replaced; its
  /// sub-directory "module" or "workspace" if it has one. "" = what is built in. What the template
  /// lacks of a module (plan, control file, ...) comes from there, too.
  std::filesystem::path template_dir;
  /// Values for the template's ____NAME____; `name` and `moduleName` (`repoName`) are there
  /// already.
  std::map<std::string, std::string> variables;
  /// Of a module: its folder below `start`. "" = where the workspace has its modules, or `start`
  /// itself outside of one.
  std::filesystem::path folder;
  bool github_workflow = false;  ///< .github/workflows/pgpm.yml: check, then full cycles
};

/// What the template asks for and neither `variables` nor the name answers, sorted.
std::vector<std::string> open_variables(const InitOptions& options);

/// Where init() would make the module. Throws Error(configuration) for a name that is none, a place
/// inside of a module, and one that the workspace would not look at.
std::filesystem::path new_module_folder(const std::filesystem::path& start,
                                        const InitOptions& options);

/// Writes all files or none; nothing that exists is touched. Returns their names relative to
/// `start`. Throws Error(configuration) for names that are taken or none, open variables, and
/// templates with links, more than 2,000 files or 16 MB.
std::vector<std::string> init(const std::filesystem::path& start, const InitOptions& options);

}  // namespace pgpm
