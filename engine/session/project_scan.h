// Which files of a project's folder are read, and what keeps a folder from being a project.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/file.h"
#include "pgpm/error.h"
#include "pgpm/session.h"

namespace pgpm {

/// The paths ("./a/b.sql") of all files that count, in byte order: not the root's deploy.sql,
/// nothing whose path has a part that starts with a dot or is node_modules or __pycache__. What is
/// wrong is appended to `problems`; the files it is about are left out.
std::vector<std::string> find_project_files(const std::filesystem::path& root,
                                            std::vector<Diagnostic>& problems);

/// A file's text, without a byte order mark; nothing if there is a problem with it, or no file any
/// more.
std::optional<std::string> read_project_file(const PlainFolder& root, const std::string& path,
                                             const SessionScanOptions& options,
                                             std::vector<Diagnostic>& problems);

}  // namespace pgpm
