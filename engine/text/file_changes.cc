#include "engine/text/file_changes.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <optional>
#include <string>

#include "engine/text/file.h"
#include "pgpm/error.h"

namespace pgpm {

namespace fs = std::filesystem;

namespace {

/// Beside it, so that moving there is a renaming; hidden, so that nobody takes it for what it was.
fs::path aside_of(const fs::path& path) {
  static std::atomic<unsigned> serial{0};
  return path.parent_path() / fmt::format(".pgpm-{}-{}.gone", ::getpid(), serial.fetch_add(1));
}

}  // namespace

FileChanges::~FileChanges() {
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    try {
      (*undo)();
    } catch (const std::exception&) {
      // The error on its way out says what went wrong first.
    }
  }
}

void FileChanges::remember(const fs::path& file) {
  // Behind links: what is written goes there, and the link itself stays.
  std::error_code error;
  const fs::path real = fs::weakly_canonical(file, error);
  undo_.emplace_back([real = error ? file : real, former = read_regular_file(file)] {
    if (!former)
      fs::remove(real);
    else if (read_regular_file(real) != former)
      replace_file(real, *former);
  });
}

void FileChanges::write(const fs::path& file, std::string_view bytes) {
  make_folders(file.parent_path());
  remember(file);
  replace_file(file, bytes);
}

void FileChanges::move(const fs::path& from, const fs::path& to) {
  make_folders(to.parent_path());
  rename(from, to);
}

void FileChanges::remove(const fs::path& path) {
  const fs::path aside = aside_of(path);
  std::error_code error;
  fs::rename(path, aside, error);
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot remove {}: {}", shown_path(path), error.message()));
  undo_.emplace_back([path, aside] { fs::rename(aside, path); });
  aside_.push_back(aside);
}

void FileChanges::make_folders(const fs::path& dir) {
  std::error_code error;
  if (!make_folders(dir, error))
    throw Error(ErrorCode::other,
                fmt::format("cannot create {}: {}", shown_path(dir), error.message()));
}

void FileChanges::keep() {
  undo_.clear();
  std::error_code ignored;  // what cannot be removed is hidden, and in nobody's way
  for (const fs::path& path : aside_) fs::remove_all(path, ignored);
  aside_.clear();
}

void FileChanges::rename(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error)
    throw Error(ErrorCode::other, fmt::format("cannot rename {} to {}: {}", shown_path(from),
                                              shown_path(to), error.message()));
  undo_.emplace_back([from, to] { fs::rename(to, from); });
}

bool FileChanges::make_folders(const fs::path& dir, std::error_code& error) {
  if (dir.empty() || fs::is_directory(dir, error)) return true;
  if (dir.has_relative_path() && !make_folders(dir.parent_path(), error)) return false;
  if (!fs::create_directory(dir, error)) {
    if (error == std::errc::file_exists) error = std::make_error_code(std::errc::not_a_directory);
    return !error && fs::is_directory(dir, error);
  }
  // Only if it is empty again: somebody else may have put a file there meanwhile.
  undo_.emplace_back([dir] { fs::remove(dir); });
  return true;
}

}  // namespace pgpm
