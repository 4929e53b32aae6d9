// Writing what a renaming decided, as a whole or not at all.
#include <fmt/format.h>

#include <algorithm>

#include "engine/text/file.h"
#include "engine/text/file_changes.h"
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

class RenamedFiles::Steps : public FileChanges {};

RenamedFiles::RenamedFiles(const Renaming& renaming)
    : renaming_(renaming), steps_(std::make_unique<Steps>()) {
  for (const FileEdit& edit : renaming.edits) {
    if (read_regular_file(edit.file) != edit.before)
      throw Error(ErrorCode::other, fmt::format("{} has changed meanwhile", shown_path(edit.file)));
    steps_->write(edit.file, edit.after);
  }
  for (const auto& [from, to] : renaming.moves) steps_->move(from, to);
}

RenamedFiles::~RenamedFiles() = default;

void RenamedFiles::keep() {
  steps_->keep();
  for (const auto& [from, to] : renaming_.moves)
    remove_empty_folders(from, renaming_.script_folders);
}

}  // namespace pgpm
