// Files that are created together or not at all. Nothing that exists is ever overwritten, and
// nothing is written outside the folder, also not through a symbolic link inside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pgpm {

class NewFiles {
 public:
  explicit NewFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~NewFiles();  ///< removes what was written, unless keep() was called
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;

  /// Throws Error(configuration) if `file` (relative) cannot be written below the folder. Touches
  /// nothing.
  void check(const std::string& file) const;
  bool exists(const std::string& file) const;
  void directory(const std::string& name);
  void write(const std::string& file, const std::string& text);
  /// Names relative to the folder, in the order of writing.
  const std::vector<std::string>& written() const { return written_; }
  /// Keeps the files; returns their names relative to the folder, in the order of writing.
  std::vector<std::string> keep();

 private:
  void make_directories(const std::filesystem::path& dir);

  std::filesystem::path folder_;
  std::vector<std::string> written_;
  std::vector<std::filesystem::path> directories_;
};

}  // namespace pgpm
