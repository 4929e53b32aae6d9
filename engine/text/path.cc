#include "engine/text/path.h"

#include <algorithm>

namespace pgpm {

bool is_within(const std::filesystem::path& path, const std::filesystem::path& base) {
  const auto differ = std::mismatch(base.begin(), base.end(), path.begin(), path.end());
  return differ.first == base.end();
}

}  // namespace pgpm
