// Which files of a project's folder are read, and what keeps a folder from being a project.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/session.h"

namespace pgpm {

struct ScannedFile {
  std::string path;  ///< "./a/b.sql"
  std::string bytes;
};

/// Every file that counts, in byte order of the paths: not the root's deploy.sql, nothing whose
/// path has a part that starts with a dot or is node_modules or __pycache__. What is wrong is
/// appended to `problems`; the files it is about are left out.
std::vector<ScannedFile> scan_project(const std::filesystem::path& root,
                                      const SessionScanOptions& options,
                                      std::vector<Diagnostic>& problems);

}  // namespace pgpm
