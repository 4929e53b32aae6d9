// Which directories of a workspace are modules. Looks at directory entries only; reads no file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/workspace/manifest.h"
#include "pgpm/error.h"

namespace pgpm {

struct ModuleDirectory {
  std::filesystem::path dir;               ///< canonical
  std::vector<std::string> control_files;  ///< names, sorted
};

/// Directories that the manifest's patterns match, and those in the extensions directory; in each,
/// the directory itself or, if it is no module, up to three levels below it. Sorted by path. A
/// module's own folders are not searched.
std::vector<ModuleDirectory> find_modules(const std::filesystem::path& root,
                                          const Manifest& manifest,
                                          std::vector<Diagnostic>& diagnostics);

/// The control files beside a plan, sorted.
std::vector<std::string> control_files_in(const std::filesystem::path& dir);

/// The nearest of `start` and its parents that holds a regular file `name`; empty if none does.
std::filesystem::path nearest_with(const std::filesystem::path& start, const char* name);

}  // namespace pgpm
