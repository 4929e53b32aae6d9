#include "engine/text/new_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/text/file.h"
#include "pgpm/error.h"

namespace pgpm {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path, int number) {
  throw Error(ErrorCode::other,
              fmt::format("cannot write {}: {}", shown_path(path), std::strerror(number)));
}

}  // namespace

NewFiles::~NewFiles() {
  std::error_code ignored;
  for (const fs::path& path : written_) fs::remove(path, ignored);
  // The innermost was made last. What somebody else put into one keeps it.
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) ::rmdir(path->c_str());
}

void NewFiles::make_directories(const fs::path& directory) {
  if (directory.empty() || fs::is_directory(directory)) return;
  make_directories(directory.parent_path());
  if (::mkdir(directory.c_str(), 0777) == 0)
    made_.push_back(directory);
  else if (errno != EEXIST)
    fail(directory, errno);
}

void NewFiles::write(const fs::path& path, std::string_view bytes) {
  make_directories(path.parent_path());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) fail(path, errno);
  written_.push_back(path);
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int number = errno;
      ::close(file);
      fail(path, number);
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::close(file) != 0) fail(path, errno);
}

}  // namespace pgpm
