// pgpm.json: what makes a directory a workspace. Only plain JSON is read; pgpm.config.js would need
// a JavaScript engine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

struct Manifest {
  std::vector<std::string> packages;  ///< glob patterns relative to the root; "!pattern" takes away
  std::string extensions_dir = "extensions";
};

/// Reads the manifest's text; problems are appended to `diagnostics`.
Manifest read_manifest(const std::string& file, const std::string& text,
                       std::vector<Diagnostic>& diagnostics);

/// "name" of a package.json, "" if there is none. A broken file is a warning.
std::string read_npm_name(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics);

}  // namespace pgpm
