#include "cli/environment.h"

#include <cstdlib>

namespace pgpm::cli {

std::string Environment::get(const char* name) const {
  if (is_given_) {
    const auto at = only_.find(name);
    return at == only_.end() ? "" : at->second;
  }
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace pgpm::cli
