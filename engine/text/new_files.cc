#include "engine/text/new_files.h"

#include <fmt/format.h>

#include <utility>

#include "engine/text/file.h"
#include "engine/text/path.h"
#include "pgpm/error.h"

namespace pgpm {

namespace fs = std::filesystem;

NewFiles::~NewFiles() {
  std::error_code ignored;
  for (const std::string& file : written_) fs::remove(folder_ / file, ignored);
  // Only what is empty again goes: somebody else may have put a file there meanwhile.
  for (auto dir = directories_.rbegin(); dir != directories_.rend(); ++dir)
    fs::remove(*dir, ignored);
}

void NewFiles::check(const std::string& file) const {
  const fs::path path = folder_ / file;
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(folder_, error);
  const fs::path real = fs::weakly_canonical(path, error);
  if (error)
    throw Error(ErrorCode::configuration,
                fmt::format("cannot create {}: {}", path.string(), error.message()));
  if (!is_within(real, folder))
    throw Error(ErrorCode::configuration,
                fmt::format("{} would be written outside of {}", file, folder_.string()));
  for (fs::path dir = path.parent_path(); is_within(dir, folder_); dir = dir.parent_path()) {
    if (fs::exists(dir, error) && !fs::is_directory(dir, error))
      throw Error(ErrorCode::configuration,
                  fmt::format("cannot create {}: {} is no directory", file, dir.string()));
    if (!dir.has_relative_path()) break;
  }
  if (fs::is_directory(path, error))
    throw Error(ErrorCode::configuration, fmt::format("cannot create {}: it is a directory", file));
}

bool NewFiles::exists(const std::string& file) const {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder_ / file, error));
}

void NewFiles::make_directories(const fs::path& dir) {
  std::error_code error;
  if (dir.empty() || fs::exists(dir, error)) return;
  make_directories(dir.parent_path());
  if (fs::create_directory(dir, error)) directories_.push_back(dir);
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot create {}: {}", dir.string(), error.message()));
}

void NewFiles::directory(const std::string& name) {
  make_directories(folder_ / name);
}

void NewFiles::write(const std::string& file, const std::string& text) {
  if (exists(file))
    throw Error(ErrorCode::configuration,
                fmt::format("{} exists already", shown_path(folder_ / file)));
  make_directories((folder_ / file).parent_path());
  written_.push_back(file);
  replace_file(folder_ / file, text);
}

std::vector<std::string> NewFiles::keep() {
  directories_.clear();
  return std::exchange(written_, {});
}

}  // namespace pgpm
