// "Did you mean": the known word nearest to a mistyped one. (The engine has its own for names in
// plans; the command line sees only the public headers.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm::cli {

/// The nearest known word by edit distance (swapped neighbours count once), "" if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "; did you mean X?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string_view prefix = {});

}  // namespace pgpm::cli
