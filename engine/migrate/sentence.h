// Lists as people read them.
#pragma once

#include <string>
#include <vector>

namespace pgpm {

/// "a", "a and b", "a, b and c".
std::string sentence_list(const std::vector<std::string>& names);

}  // namespace pgpm
