// Patterns of pgpm.json's "packages": '*' and '?' inside a name, '**' for any number of
// directories. They match directories only, never look into node_modules or hidden directories, and
// '**' does not follow symbolic links.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace pgpm {

/// One name against one pattern without '/'.
bool name_matches(std::string_view pattern, std::string_view name);
/// A path relative to the root ("packages/app") against a whole pattern.
bool path_matches(std::string_view pattern, std::string_view path);
/// The directories a pattern matches, sorted.
std::vector<std::filesystem::path> matching_directories(const std::filesystem::path& root,
                                                        std::string_view pattern);

}  // namespace pgpm
