// Modules of others in a workspace: unpacked below its extensions directory, recorded with their
// exact versions. Where an archive comes from is the caller's business.
#pragma once

#include <filesystem>
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

/// Where modules of others live: <root>/<extensionsDir>.
std::filesystem::path extensions_directory(const Workspace& workspace,
                                           const std::string& extensions_dir = {});
/// <extensions>/<npm name>. Throws Error(configuration) for a name that npm would not take.
std::filesystem::path installed_directory(const std::filesystem::path& extensions,
                                          const std::string& npm_name);
/// Those that are there, by npm name.
std::vector<ModulePackage> installed_modules(const std::filesystem::path& extensions);

/// Moves an unpacked module to its place; one that is there goes only once the new one is in. `dir`
/// must be on the same file system (below `extensions`).
void install_module(const ModulePackage& package, const std::filesystem::path& extensions);
void uninstall_module(const ModulePackage& package, const std::filesystem::path& extensions);

/// Exact versions, sorted by name: package.json's "dependencies" of a module, or pgpm.json's of the
/// workspace. Other members keep their order.
enum class DependencyChange { add, remove };
void record_dependencies(const std::filesystem::path& json_file,
                         const std::vector<ModulePackage>& packages, DependencyChange change);
/// The members of "dependencies"; none if the file has none.
std::vector<std::pair<std::string, std::string>> recorded_dependencies(
    const std::filesystem::path& json_file);

}  // namespace pgpm
