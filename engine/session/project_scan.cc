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

  std::vector<FoundFile> take() {
    std::sort(files_.begin(), files_.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(files_);
  }

 private:
  void look_at(const fs::directory_entry& entry, const std::string& shown) {
    std::error_code error;
    const std::string name = entry.path().filename().native();
    const std::string path = shown + name;
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
    if (entry.is_regular_file(error)) files_.push_back({path, entry.path()});
  }

  void problem(const std::string& path, std::string message, std::string hint) {
    problems_.push_back(problem_with(path, std::move(message), std::move(hint)));
  }

  std::vector<Diagnostic>& problems_;
  std::vector<FoundFile> files_;
};

}  // namespace

std::vector<FoundFile> find_project_files(const fs::path& root, std::vector<Diagnostic>& problems) {
  ProjectScan scan(problems);
  scan.scan(root, "./");
  return scan.take();
}

std::optional<std::string> read_project_file(const FoundFile& found,
                                             const SessionScanOptions& options,
                                             std::vector<Diagnostic>& problems) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(found.file, error);
  if (!error && size > options.max_file_size) {
    problems.push_back(problem_with(
        found.path,
        fmt::format("has {} bytes: at most {} are allowed", size, options.max_file_size),
        "move it out of the project, or raise PGMI_MAX_FILE_SIZE"));
    return std::nullopt;
  }
  PlainFile plain = read_plain_file(found.file.native());
  if (plain.kind != PlainFile::Kind::regular) return std::nullopt;
  if (const std::optional<std::size_t> at = find_invalid_utf8(plain.bytes)) {
    const bool is_nul = plain.bytes[*at] == '\0';
    problems.push_back(problem_with(found.path,
                                    fmt::format("{} at byte {}: only UTF-8 text can be loaded",
                                                is_nul ? "NUL" : "not UTF-8", *at),
                                    "save it as UTF-8, or move it out of the project"));
    return std::nullopt;
  }
  plain.bytes.erase(0, byte_order_mark(plain.bytes));
  return std::move(plain.bytes);
}

}  // namespace pgpm
