#include "cli/temporary_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "pgpm/error.h"

namespace pgpm::cli {

TemporaryDirectory::TemporaryDirectory(const std::filesystem::path& parent) {
  std::string name =
      ((parent.empty() ? std::filesystem::temp_directory_path() : parent) / ".pgpm-XXXXXX")
          .string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error(ErrorCode::other,
                fmt::format("cannot create {}: {}", name,
                            std::error_code(errno, std::generic_category()).message()));
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace pgpm::cli
