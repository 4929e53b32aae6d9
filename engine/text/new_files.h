// Files that did not exist, all of them or none: over none that is there, and gone again unless
// they are meant to stay.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm {

class NewFiles {
 public:
  NewFiles() = default;
  /// Takes back what was written and the directories that were made for it, unless keep() was
  /// called.
  ~NewFiles();
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;

  /// Makes the directories it needs. Throws Error(other) if the file is there already or cannot be
  /// written.
  void write(const std::filesystem::path& path, std::string_view bytes);
  void keep() { written_.clear(), made_.clear(); }

 private:
  void make_directories(const std::filesystem::path& directory);

  std::vector<std::filesystem::path> written_, made_;
};

}  // namespace pgpm
