// Questions about paths that their text answers.
#pragma once

#include <filesystem>

namespace pgpm {

/// Whether `path` is `base` or below it, component by component. Nothing is looked up: both are
/// canonical, or neither.
bool is_within(const std::filesystem::path& path, const std::filesystem::path& base);

}  // namespace pgpm
