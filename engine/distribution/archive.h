// libarchive, and nothing else: entries out of tar files that strangers wrote, one entry into ours.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace pgpm {

struct ArchiveEntry {
  std::string path;  ///< as it stands in the archive
  enum class Kind { file, directory, other } kind = Kind::file;
  std::string bytes;  ///< of a file
};

/// What an archive may hold. More is refused while it is read: sizes that an archive states are not
/// believed.
struct ArchiveLimits {
  std::size_t entries = 20000;
  std::size_t file_bytes = std::size_t{64} << 20;
  std::size_t all_bytes = std::size_t{256} << 20;
};

/// Calls `take` for each entry of a tar file, compressed or not. Throws Error(configuration) for
/// links and devices, limits and damage; Error(other) if the file cannot be read.
void read_archive(const std::filesystem::path& archive, const ArchiveLimits& limits,
                  const std::function<void(ArchiveEntry&&)>& take);

/// A gzipped ustar of one file, the same bytes for the same input.
void write_archive(const std::filesystem::path& archive, const std::string& name,
                   const std::string& bytes);

}  // namespace pgpm
