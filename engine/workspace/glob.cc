// Patterns against the file system. Every (directory, rest of the pattern) is looked at once, so
// that patterns like
// **/**/a/** cost no more than the tree has directories.
#include "engine/workspace/glob.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace pgpm {
namespace {

namespace fs = std::filesystem;

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    // "**/**" means "**"; so do "a//b" and "a/b", "./a" and "a".
    const bool repeated = part == "**" && !parts.empty() && parts.back() == "**";
    if (!part.empty() && part != "." && !repeated) parts.push_back(part);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

bool has_wildcard(std::string_view part) {
  return part.find_first_of("*?") != std::string_view::npos;
}

bool is_skipped(std::string_view name, std::string_view pattern) {
  return name == "node_modules" || (name.starts_with('.') && !pattern.starts_with('.'));
}

class Expansion {
 public:
  explicit Expansion(std::vector<std::string_view> parts) : parts_(std::move(parts)) {}

  void from(const fs::path& dir, std::size_t part) {
    if (!seen_.insert({dir.native(), part}).second) return;
    if (part == parts_.size()) {
      found_.insert(dir);
    } else if (parts_[part] == "**") {
      from(dir, part + 1);
      each_directory(dir, "**", [&](const fs::path& below) { from(below, part); });
    } else if (has_wildcard(parts_[part])) {
      each_directory(dir, parts_[part], [&](const fs::path& below) { from(below, part + 1); });
    } else {
      std::error_code error;
      const fs::path below = dir / parts_[part];
      if (fs::is_directory(below, error)) from(below, part + 1);
    }
  }

  std::vector<fs::path> found() const { return {found_.begin(), found_.end()}; }

 private:
  template <typename Visit>
  void each_directory(const fs::path& dir, std::string_view pattern, Visit visit) {
    std::error_code error, entry_error;
    const bool deep = pattern == "**";
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().native();
      if (is_skipped(name, pattern) || !name_matches(pattern, name)) continue;
      if (deep && it->is_symlink(entry_error)) continue;
      if (it->is_directory(entry_error)) visit(it->path());
    }
  }

  std::vector<std::string_view> parts_;
  std::set<std::pair<std::string, std::size_t>> seen_;
  std::set<fs::path> found_;
};

}  // namespace

bool name_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool path_matches(std::string_view pattern, std::string_view path) {
  const auto parts = split(pattern), names = split(path);
  // matched[n]: the pattern's parts so far match the first n names.
  std::vector<bool> matched(names.size() + 1, false);
  matched[0] = true;
  for (const std::string_view part : parts) {
    std::vector<bool> next(names.size() + 1, false);
    for (std::size_t n = 0; n <= names.size(); ++n) {
      if (part == "**")
        next[n] = matched[n] || (n > 0 && next[n - 1]);
      else
        next[n] = n > 0 && matched[n - 1] && name_matches(part, names[n - 1]);
    }
    matched = std::move(next);
  }
  return matched.back();
}

std::vector<fs::path> matching_directories(const fs::path& root, std::string_view pattern) {
  Expansion expansion(split(pattern));
  expansion.from(pattern.starts_with('/') ? fs::path("/") : root, 0);
  return expansion.found();
}

}  // namespace pgpm
