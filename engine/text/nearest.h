// "Did you mean": the known name nearest to a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm {

/// The candidate with the smallest edit distance (Damerau-Levenshtein, optimal string alignment),
/// or "" if none is near enough (distance at most a third of the longer length, at least 1).
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace pgpm
