#include "tests/support/source_dir.h"

namespace pgpm::tests {

std::string source_path(const std::string& relative) {
  return std::string(PGPM_SOURCE_DIR "/") + relative;
}

}  // namespace pgpm::tests
