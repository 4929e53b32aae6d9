// Many small files of one folder, read by one system call: io_uring of Linux. Opening, asking the
// size of, reading and closing ten thousand scripts one by one are forty thousand calls, which take
// longer than all that is done with them. Only what is plain is read here; whatever is not, the
// caller looks at as usual.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace pgpm {

/// For one thread.
class FileRing {
 public:
  /// How many files are read at a time, at most.
  static constexpr std::size_t batch = 64;
  /// The bytes of each, until the next read(); nullopt for what could not be opened or read, is
  /// empty, or is larger than a few kilobytes.
  using Contents = std::array<std::optional<std::string_view>, batch>;

  /// nullptr where there is none: not Linux 6.1, or forbidden, as it is in many containers.
  static std::unique_ptr<FileRing> open();
  ~FileRing();
  FileRing(const FileRing&) = delete;
  FileRing& operator=(const FileRing&) = delete;

  /// Names are relative to the open folder and live until this returns. Links are not followed.
  /// Only for names that are known to be no devices or pipes. After a failure of the ring itself
  /// everything is nullopt, then and later.
  const Contents& read(int folder, std::span<const char* const> names);

 private:
  struct Ring;
  explicit FileRing(std::unique_ptr<Ring> ring);

  std::unique_ptr<Ring> ring_;
  Contents contents_;
};

}  // namespace pgpm
