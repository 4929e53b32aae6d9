// Writing what a renaming decided, as a whole or not at all.
#include <fmt/format.h>

#include <algorithm>

#include "engine/text/file.h"
#include "pgpm/renaming.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

/// Undoes in reverse order, unless keep() was called.
class Steps {
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
    fs::create_directories(to.parent_path(), error);
    if (!error) fs::rename(from, to, error);
    if (error)
      throw Error(ErrorCode::other, fmt::format("cannot rename {} to {}: {}", shown_path(from),
                                                shown_path(to), error.message()));
    undo_.emplace_back([from, to] { fs::rename(to, from); });
  }

  void keep() { undo_.clear(); }

 private:
  std::vector<std::function<void()>> undo_;
};

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

void rename_files(const Renaming& renaming) {
  Steps steps;
  for (const FileEdit& edit : renaming.edits) steps.edit(edit);
  for (const auto& [from, to] : renaming.moves) steps.move(from, to);
  steps.keep();
  for (const auto& [from, to] : renaming.moves) remove_empty_folders(from, renaming.script_folders);
}

}  // namespace pgpm
