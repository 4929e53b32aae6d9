// Writing what a renaming decided, as a whole or not at all.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "engine/text/file.h"
#include "pgpm/renaming.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

/// Folders that a move has emptied were there for it: deploy/schemas/old of deploy/schemas/old/x.
void remove_empty_folders(const fs::path& moved, const std::vector<fs::path>& staying) {
  std::error_code error;
  for (fs::path dir = moved.parent_path(); fs::is_empty(dir, error) && !error;
       dir = dir.parent_path()) {
    if (std::find(staying.begin(), staying.end(), dir.lexically_normal()) != staying.end()) return;
    if (!fs::remove(dir, error) || error) return;
  }
}

}  // namespace

/// Undoes in reverse order, unless keep() was called.
class RenamedFiles::Steps {
 public:
  ~Steps() {
    for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
      try {
        (*undo)();
      } catch (const std::exception&) {
        // The error on its way out says what went wrong first.
      }
    }
  }
  Steps() = default;
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;

  void edit(const FileEdit& edit) {
    if (read_regular_file(edit.file) != edit.before)
      throw Error(ErrorCode::other, fmt::format("{} has changed meanwhile", shown_path(edit.file)));
    undo_.emplace_back([&edit] { replace_file(edit.file, edit.before); });
    replace_file(edit.file, edit.after);
  }

  void move(const fs::path& from, const fs::path& to) {
    std::error_code error;
    make_folders(to.parent_path(), error);
    if (!error) fs::rename(from, to, error);
    if (error)
      throw Error(ErrorCode::other, fmt::format("cannot rename {} to {}: {}", shown_path(from),
                                                shown_path(to), error.message()));
    undo_.emplace_back([from, to] { fs::rename(to, from); });
  }

  void keep() { undo_.clear(); }

 private:
  void make_folders(const fs::path& dir, std::error_code& error) {
    if (fs::exists(dir, error)) return;
    if (dir.has_parent_path()) make_folders(dir.parent_path(), error);
    if (!error && fs::create_directory(dir, error)) undo_.emplace_back([dir] { fs::remove(dir); });
  }

  std::vector<std::function<void()>> undo_;
};

RenamedFiles::RenamedFiles(const Renaming& renaming)
    : renaming_(renaming), steps_(std::make_unique<Steps>()) {
  for (const FileEdit& edit : renaming.edits) steps_->edit(edit);
  for (const auto& [from, to] : renaming.moves) steps_->move(from, to);
}

RenamedFiles::~RenamedFiles() = default;

void RenamedFiles::keep() {
  steps_->keep();
  for (const auto& [from, to] : renaming_.moves)
    remove_empty_folders(from, renaming_.script_folders);
}

}  // namespace pgpm
