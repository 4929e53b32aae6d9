// Expected output kept in files. What differs from run to run is replaced before anything is
// compared; with PGPM_UPDATE_GOLDEN=1 in the environment the files are rewritten instead, and the
// diff is reviewed like code.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pgpm::tests {

/// Literal text of this run and the name it is shown by, e.g. {"/tmp/case-x1", "$WORK"}. Longer
/// ones are replaced first.
using Replacements = std::vector<std::pair<std::string, std::string>>;

/// Durations ("0.123 s", "12 ms") become <time>, points in time <timestamp>, digests <sha1> and
/// <sha256>, "pid 12" pid <pid>; the frozen time of the tests stays. Escape sequences become
/// "\e[1m", a lone carriage return "\r".
std::string normalise(std::string text, const Replacements& replacements = {});

bool updating_goldens();

/// "" if the file's content is `actual` (wildcards as in line_match.h), else the differences. When
/// updating, writes the file and returns "".
std::string golden_difference(const std::filesystem::path& file, const std::string& actual);

}  // namespace pgpm::tests
