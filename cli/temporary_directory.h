// A directory of our own that goes away with the object.
#pragma once

#include <filesystem>

namespace pgpm::cli {

class TemporaryDirectory {
 public:
  /// In `parent` ("" = where temporary files go). Throws Error(other) if it cannot be made.
  explicit TemporaryDirectory(const std::filesystem::path& parent = {});
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace pgpm::cli
