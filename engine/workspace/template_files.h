// The files of a template directory, as texts in memory with their variables replaced.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pgpm {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;  ///< relative path, text

/// Sorted by path. `kind` is "module" or "workspace": the sub-directory that is meant if there is
/// one. Version control, node_modules and .boilerplate.json files are left out.
NamedTexts read_template(const std::filesystem::path& dir, const std::string& kind);

/// Names between "____" and "____" in paths and texts, sorted, each once.
std::vector<std::string> variables_in(const NamedTexts& files);
/// Throws Error(configuration) naming every variable without a value.
NamedTexts substituted(const NamedTexts& files, const std::map<std::string, std::string>& values);

}  // namespace pgpm
