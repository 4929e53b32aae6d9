#include "engine/migrate/provenance.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string_view>

#include "engine/text/file.h"

namespace pgpm {

namespace {

namespace fs = std::filesystem;

std::string first_line(std::string text) {
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

std::string line_of(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return {};
  return first_line(read_regular_file(file).value_or(""));
}

/// The repository's own folder: .git itself, or where a worktree's .git file points.
std::optional<fs::path> git_dir(fs::path dir) {
  std::error_code error;
  for (dir = fs::absolute(dir, error).lexically_normal(); !error; dir = dir.parent_path()) {
    const fs::path git = dir / ".git";
    if (fs::is_directory(git, error)) return git;
    const std::string line = line_of(git);
    if (line.starts_with("gitdir: ")) return dir / line.substr(8);
    if (dir == dir.parent_path()) break;
  }
  return std::nullopt;
}

std::string packed_ref(const fs::path& file, const std::string& ref) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return {};
  const std::string text = read_regular_file(file).value_or("");
  const std::size_t found = text.find(" " + ref + "\n");
  if (found == std::string::npos || found < 40) return {};
  return text.substr(found - 40, 40);
}

}  // namespace

std::string git_commit(const fs::path& dir) {
  const std::optional<fs::path> git = git_dir(dir);
  if (!git) return {};
  std::string head = line_of(*git / "HEAD");
  if (!head.starts_with("ref: ")) return head;
  const std::string ref = head.substr(5);
  const std::string common =
      line_of(*git / "commondir");  // worktrees keep their refs in the main repository
  for (const fs::path& place : {*git, common.empty() ? *git : *git / common}) {
    if (std::string commit = line_of(place / ref); !commit.empty()) return commit;
    if (std::string commit = packed_ref(place / "packed-refs", ref); !commit.empty()) return commit;
  }
  return {};
}

std::string client_host() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string client_user() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(geteuid());
}

}  // namespace pgpm
