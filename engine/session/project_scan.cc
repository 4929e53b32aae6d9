#include "engine/session/project_scan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "engine/text/source_text.h"
#include "engine/text/utf8.h"

namespace pgpm {

namespace {

namespace fs = std::filesystem;

bool is_passed_over(std::string_view name) {
  return name.starts_with('.') || name == "node_modules" || name == "__pycache__";
}

/// __x__ is reserved for names with a meaning.
bool is_reserved_directory(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__") && name != "__test__" &&
         name != "__tests__";
}

Diagnostic problem_with(const std::string& path, std::string message, std::string hint) {
  return {Severity::error, {path, 0, 0}, std::move(message), {}, std::move(hint)};
}

class ProjectScan {
 public:
  explicit ProjectScan(std::vector<Diagnostic>& problems) : problems_(problems) {}

  void scan(const fs::path& directory, const std::string& shown) {
    std::error_code error;
    fs::directory_iterator entries(directory, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error))
      look_at(*entries, shown);
    if (error)
      throw Error(ErrorCode::other, fmt::format("could not read directory {}: {}",
                                                directory.native(), error.message()));
  }

  std::vector<std::string> take() {
    std::sort(paths_.begin(), paths_.end());
    return std::move(paths_);
  }

 private:
  void look_at(const fs::directory_entry& entry, const std::string& shown) {
    std::error_code error;
    // As a path of its own each name would be taken apart first.
    const std::string& whole = entry.path().native();
    const std::string_view name = std::string_view(whole).substr(whole.rfind('/') + 1);
    std::string path = shown;
    path += name;
    if (is_passed_over(name) || (shown == "./" && iequals(name, "deploy.sql"))) return;
    if (find_invalid_utf8(name)) return problem(path, "the name is not UTF-8", "rename it");
    if (entry.is_symlink(error))
      return problem(path, "is a symbolic link: what it leads to may not be the project's",
                     "put the file itself into the project");
    if (entry.is_directory(error)) {
      if (is_reserved_directory(name))
        return problem(path, fmt::format("directories named like {} are reserved", name),
                       "rename it; tests go into __test__ or __tests__");
      return scan(entry.path(), path + '/');
    }
    if (entry.is_regular_file(error)) paths_.push_back(std::move(path));
  }

  void problem(const std::string& path, std::string message, std::string hint) {
    problems_.push_back(problem_with(path, std::move(message), std::move(hint)));
  }

  std::vector<Diagnostic>& problems_;
  std::vector<std::string> paths_;
};

}  // namespace

std::vector<std::string> find_project_files(const fs::path& root,
                                            std::vector<Diagnostic>& problems) {
  ProjectScan scan(problems);
  scan.scan(root, "./");
  return scan.take();
}

std::optional<std::string> read_project_file(const PlainFolder& root, const std::string& path,
                                             const SessionScanOptions& options,
                                             std::vector<Diagnostic>& problems) {
  PlainFile plain = root.read(root.path() + path.substr(1), options.max_file_size);
  if (plain.kind == PlainFile::Kind::too_big)
    problems.push_back(problem_with(
        path,
        fmt::format("has {} bytes: at most {} are allowed", plain.size, options.max_file_size),
        "move it out of the project, or raise PGMI_MAX_FILE_SIZE"));
  if (plain.kind != PlainFile::Kind::regular) return std::nullopt;
  if (const std::optional<std::size_t> at = find_invalid_utf8(plain.bytes)) {
    const bool is_nul = plain.bytes[*at] == '\0';
    problems.push_back(problem_with(path,
                                    fmt::format("{} at byte {}: only UTF-8 text can be loaded",
                                                is_nul ? "NUL" : "not UTF-8", *at),
                                    "save it as UTF-8, or move it out of the project"));
    return std::nullopt;
  }
  plain.bytes.erase(0, byte_order_mark(plain.bytes));
  return std::move(plain.bytes);
}

}  // namespace pgpm
