// What package.json wants of a dependency, as far as that can be told without asking npm.
#pragma once

#include <optional>
#include <string_view>

namespace pgpm::cli {

/// Whether a version is what `wanted` means: *, 1.2.3, ^1.2.3, ~1.2.3 or >=1.2.3. nullopt for every
/// other range, and for versions with more than three numbers to them.
std::optional<bool> is_in_range(std::string_view version, std::string_view wanted);

}  // namespace pgpm::cli
