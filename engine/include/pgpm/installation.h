// Modules of others in a workspace: unpacked below its extensions directory, recorded with their
// exact versions. Where an archive comes from is the caller's business.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pgpm/distribution.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// A module that lies unpacked in a directory of its own, looked over and not yet installed.
struct ModulePackage {
  std::filesystem::path dir;
  std::string module;  ///< control name
  std::string package;
  NpmFields npm;
  std::vector<std::string> requires_modules;
};

/// Unpacks an npm tarball (the folder that all its entries are in is left out). Refused as
/// Error(configuration): links, devices, absolute paths, "..", more than 20,000 entries, 64 MB for
/// a file or 256 MB in all, and archives that are damaged. `into` must be empty.
void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& into);
/// Copies a module's folder under the same rules; version control and node_modules are left out.
void copy_module_folder(const std::filesystem::path& folder, const std::filesystem::path& into);

/// Makes sure that `dir` is a module with plan, control file and package.json that agree. Throws
/// Error(configuration) saying what it lacks.
ModulePackage read_module_package(const std::filesystem::path& dir);

/// Where modules of others live: <root>/<extensions_dir>, which is pgpm.json's "extensionsDir" if
/// it is "". Throws Error(configuration) for what is no folder inside of the workspace.
std::filesystem::path extensions_directory(const Workspace& workspace,
                                           const std::string& extensions_dir = {});
/// <extensions>/<npm name>. Throws Error(configuration) for a name that npm would not take.
std::filesystem::path installed_directory(const std::filesystem::path& extensions,
                                          const std::string& npm_name);
/// Those that are there, by npm name.
std::vector<ModulePackage> installed_modules(const std::filesystem::path& extensions);

/// Exact versions, sorted by name: package.json's "dependencies" of a module, or pgpm.json's of the
/// workspace. Other members keep their order.
enum class DependencyChange { add, remove };
void record_dependencies(const std::filesystem::path& json_file,
                         const std::vector<ModulePackage>& packages, DependencyChange change);
/// The members of "dependencies"; none if the file has none.
std::vector<std::pair<std::string, std::string>> recorded_dependencies(
    const std::filesystem::path& json_file);

/// Modules that come and go, with what records them: all of it or nothing. Each step is made at
/// once; they are undone when this goes away without keep().
class Installation {
 public:
  explicit Installation(std::filesystem::path extensions);
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  /// Moves an unpacked module to its place, instead of one that is there. Its `dir` must be on the
  /// same file system (below the extensions). Throws Error(configuration) if links lead out of the
  /// extensions.
  void install(const ModulePackage& package);
  void uninstall(const ModulePackage& package);
  /// record_dependencies() as one of the steps.
  void record(const std::filesystem::path& json_file, const std::vector<ModulePackage>& packages,
              DependencyChange change);
  /// The file is about to be written by somebody else: that is one of the steps, too.
  void remember(const std::filesystem::path& file);
  void keep();

 private:
  class Steps;
  std::filesystem::path place_of(const ModulePackage& package) const;

  std::filesystem::path extensions_;
  std::unique_ptr<Steps> steps_;
  std::vector<std::filesystem::path> left_;  // folders that something was taken out of
};

}  // namespace pgpm
