#include "pgpm/authoring.h"
namespace pgpm {
std::vector<Diagnostic> check(const Workspace&, const std::vector<std::string>&) {
  return {};
}
}  // namespace pgpm
