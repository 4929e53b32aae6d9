// Files as whole byte strings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pgpm {

/// The file's bytes, or nullopt if there is no such file. Throws Error(other) if it exists and
/// cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);
/// The same for files that have a fixed name and whose folder others may have written: never waits
/// for the other end of a pipe, never reads a device. Throws Error(configuration) for what is no
/// regular file.
std::optional<std::string> read_regular_file(const std::filesystem::path& path);

/// What is at a path, and the bytes if it is a regular file. Nothing is followed and nothing waits:
/// a pipe is `other` even while nobody writes to it.
struct PlainFile {
  enum class Kind { absent, regular, too_big, link, other };
  Kind kind = Kind::absent;
  std::string bytes;
  std::uintmax_t size = 0;  ///< of what is too big
};
/// Nothing is read of a file that has more than `at_most` bytes. Throws Error(other) for a regular
/// file that cannot be read.
PlainFile read_plain_file(const std::string& path, std::uintmax_t at_most = UINTMAX_MAX);

/// A folder that many files are read from, opened once: with ten thousand small ones, finding each
/// by its whole path takes longer than reading it.
class PlainFolder {
 public:
  explicit PlainFolder(std::string path);
  ~PlainFolder();
  PlainFolder(const PlainFolder&) = delete;
  PlainFolder& operator=(const PlainFolder&) = delete;

  const std::string& path() const { return path_; }
  /// As read_plain_file(), for the path of a file in this folder or below: path(), a slash and the
  /// rest.
  PlainFile read(const std::string& file, std::uintmax_t at_most = UINTMAX_MAX) const;
  /// -1 if the folder could not be opened.
  int descriptor() const { return descriptor_; }

 private:
  std::string path_;
  int descriptor_;
};

/// Writes beside the file, then renames over it: readers see the old content or the new, never
/// half. Keeps the mode. A device or a pipe, /dev/null say, stays what it is and is written to.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

/// A path as messages show it: relative to the working directory if it is below, absolute
/// otherwise.
std::string shown_path(const std::filesystem::path& path);

}  // namespace pgpm
