// Changes to files and folders that are made together or not at all. What the files mean, and
// whether they may be touched, is the caller's business.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <vector>

namespace pgpm {

/// Makes each change at once, and undoes them, newest first, unless keep() is called.
class FileChanges {
 public:
  FileChanges() = default;
  ~FileChanges();
  FileChanges(const FileChanges&) = delete;
  FileChanges& operator=(const FileChanges&) = delete;

  /// For changes that somebody else makes: the file gets back what it holds now, or goes if it is
  /// not there now. Throws Error(configuration) for what is no regular file.
  void remember(const std::filesystem::path& file);
  /// A new file, or another text for one that is there; makes the folders it needs.
  void write(const std::filesystem::path& file, std::string_view bytes);
  /// A file or a folder, to where nothing is; makes the folders it needs.
  void move(const std::filesystem::path& from, const std::filesystem::path& to);
  /// A file, a link, or a folder with all in it: out of sight at once, gone with keep().
  void remove(const std::filesystem::path& path);
  void make_folders(const std::filesystem::path& dir);

  void keep();

 private:
  void rename(const std::filesystem::path& from, const std::filesystem::path& to);
  bool make_folders(const std::filesystem::path& dir, std::error_code& error);

  std::vector<std::function<void()>> undo_;
  std::vector<std::filesystem::path> aside_;
};

}  // namespace pgpm
