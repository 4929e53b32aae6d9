// Whole files by plain system calls: a run may read ten thousand small scripts, and iostreams cost
// more than the kernel does. The surprising fact: replace_file follows a symbolic link and replaces
// what it points at.
#include "engine/text/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include "pgpm/error.h"

namespace pgpm {
namespace {

// Names, not paths: taking ten thousand apart takes longer than reading the files.
[[noreturn]] void fail(const char* what, const std::string& path, int error) {
  throw Error(ErrorCode::other, fmt::format("could not {} {}: {}", what, path,
                                            std::generic_category().message(error)));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  /// 0, or what went wrong: some file systems report a failed write only here.
  int close() { return ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno; }

 private:
  int descriptor_;
};

/// How much arrived in `room`, which is less only at the end of the file.
std::size_t read_into(int descriptor, char* room, std::size_t size, const std::string& path) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::read(descriptor, room + got, size - got);
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read", path, errno);
    got += static_cast<std::size_t>(count);
  }
  return got;
}

/// Pipes and /proc do not tell their size.
std::string read_to_end(int descriptor, const std::string& path) {
  constexpr std::size_t step = 65536;
  std::string bytes;
  while (true) {
    const std::size_t size = bytes.size();
    bytes.resize(size + step);
    const std::size_t got = read_into(descriptor, bytes.data() + size, step, path);
    bytes.resize(size + got);
    if (got < step) return bytes;
  }
}

bool is_missing(int error) {
  return error == ENOENT || error == ENOTDIR;
}

[[noreturn]] void refuse_special(const std::filesystem::path& path) {
  throw Error(ErrorCode::configuration, fmt::format("{} is not a regular file", shown_path(path)));
}

/// Also tells why a file could not be opened.
struct stat status_of(const FileDescriptor& file, const std::string& path) {
  if (!file.is_open()) fail("open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail("read", path, errno);
  return status;
}

std::string contents(const FileDescriptor& file, const struct stat& status,
                     const std::string& path) {
  if (!S_ISREG(status.st_mode) || status.st_size == 0) return read_to_end(file.get(), path);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  bytes.resize(read_into(file.get(), bytes.data(), bytes.size(), path));
  return bytes;
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

/// Where the bytes belong: behind symbolic links, also when the last one points at nothing yet.
std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real;
}

/// A new file beside `path`, removed again unless it was renamed into place.
class TemporaryFile {
 public:
  /// `shown` is what messages call the file; nobody knows the temporary one.
  TemporaryFile(const std::filesystem::path& path, const std::filesystem::path& shown)
      : path_(fresh_name(path)) {
    // Mode 0666: the umask makes of it what it makes of every new file.
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail("write", shown, errno);
  }
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int descriptor() const { return descriptor_; }
  int rename_to(const std::filesystem::path& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) return errno;
    path_.clear();
    return 0;
  }

 private:
  static std::filesystem::path fresh_name(const std::filesystem::path& path) {
    static std::atomic<unsigned> serial{0};
    std::filesystem::path name = path;
    name.replace_filename(
        fmt::format(".{}.{}-{}.tmp", path.filename().native(), ::getpid(), serial.fetch_add(1)));
    // Left by a process that was killed and had our number: nobody else writes under this name.
    ::unlink(name.c_str());
    return name;
  }

  std::filesystem::path path_;
  int descriptor_ = -1;
};

int fill(int descriptor, std::string_view bytes, const std::filesystem::path& old_file) {
  if (const int error = write_all(descriptor, bytes); error != 0) return error;
  struct stat old_status {};
  if (::stat(old_file.c_str(), &old_status) == 0) {
    if (::fchmod(descriptor, old_status.st_mode & 07777U) != 0) return errno;
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

/// The rename itself must survive a crash too. Not every file system can do it, and the content is
/// safe either way.
void sync_directory(const std::filesystem::path& directory) {
  const FileDescriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) ::fsync(opened.get());
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && is_missing(errno)) return std::nullopt;
  return contents(file, status_of(file, path), path);
}

std::optional<std::string> read_regular_file(const std::filesystem::path& path) {
  // A pipe is opened at once, with or without a writer; on a regular file the flag has no effect.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open() && is_missing(errno)) return std::nullopt;
  // A socket cannot be opened at all.
  if (!file.is_open() && errno == ENXIO) refuse_special(path);
  const struct stat status = status_of(file, path);
  if (!S_ISREG(status.st_mode)) refuse_special(path);
  return contents(file, status, path);
}

namespace {

/// `name` is the end of `path`, by which messages call it.
PlainFile read_plain_at(int folder, const char* name, const std::string& path,
                        std::uintmax_t at_most) {
  // One look at the name instead of two: what is opened is what is asked about.
  constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const FileDescriptor file(::openat(folder, name, flags));
  if (!file.is_open()) {
    if (is_missing(errno)) return {};
    if (errno == ELOOP) return {PlainFile::Kind::link, {}};
    if (errno == ENXIO) return {PlainFile::Kind::other, {}};  // a socket
  }
  const struct stat status = status_of(file, path);
  if (!S_ISREG(status.st_mode)) return {PlainFile::Kind::other, {}};
  const auto size = static_cast<std::uintmax_t>(status.st_size);
  if (size > at_most) return {PlainFile::Kind::too_big, {}, size};
  return {PlainFile::Kind::regular, contents(file, status, path)};
}

}  // namespace

PlainFile read_plain_file(const std::string& path, std::uintmax_t at_most) {
  return read_plain_at(AT_FDCWD, path.c_str(), path, at_most);
}

PlainFolder::PlainFolder(std::string path)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

PlainFolder::~PlainFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

PlainFile PlainFolder::read(const std::string& file, std::uintmax_t at_most) const {
  // Why the folder could not be opened is found out again for the file.
  if (descriptor_ < 0) return read_plain_file(file, at_most);
  return read_plain_at(descriptor_, file.c_str() + path_.size() + 1, file, at_most);
}

namespace {

/// A device or a pipe, /dev/null or /dev/stdout: it is written to, never replaced.
bool is_special(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

void write_special(const std::filesystem::path& path, std::string_view bytes) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  int error = file.is_open() ? write_all(file.get(), bytes) : errno;
  if (error == 0) error = file.close();
  if (error != 0) fail("write", path, error);
}

}  // namespace

void replace_file(const std::filesystem::path& path, std::string_view bytes) {
  if (is_special(path)) return write_special(path, bytes);
  const std::filesystem::path target = resolved(path);
  TemporaryFile temporary(target, path);
  FileDescriptor file(temporary.descriptor());
  int error = fill(file.get(), bytes, target);
  if (error == 0) error = file.close();
  if (error == 0) error = temporary.rename_to(target);
  if (error != 0) fail("write", path, error);
  sync_directory(target.has_parent_path() ? target.parent_path() : std::filesystem::path("."));
}

std::string shown_path(const std::filesystem::path& path) {
  static const std::filesystem::path here = [] {
    std::error_code error;
    return std::filesystem::current_path(error);
  }();
  // Normal names below it, the usual case, need no taking apart.
  static const std::string prefix = here.native() + '/';
  const std::string& name = path.native();
  const bool normal = name.find("/.") == std::string::npos && name.find("//") == std::string::npos;
  if (normal && name.starts_with(prefix)) return name.substr(prefix.size());
  const std::string shorter = path.lexically_proximate(here).generic_string();
  return shorter.starts_with("..") ? path.generic_string() : shorter;
}

}  // namespace pgpm
