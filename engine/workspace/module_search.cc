// The search for modules. Surprising: symbolic links. A link that stays inside the workspace is
// followed, and a module reached twice counts once; one that leaves it is ignored with a warning.
#include "engine/workspace/module_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/text/file.h"
#include "engine/text/path.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/glob.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

constexpr int depth_below_package = 3;

/// What one pass over a directory's entries tells.
struct Listing {
  bool has_plan = false, has_manifest = false, has_proxy = false;
  std::vector<std::string> control_files;
  std::vector<fs::path> directories;  // no links, nothing hidden, no node_modules
  std::error_code error;
};

void note_entry(const fs::directory_entry& entry, Listing& listing) {
  std::error_code error;
  const std::string name = entry.path().filename().native();
  const bool control = name.find(".control") != std::string::npos && name.ends_with(".control");
  if (control || name == "pgpm.plan" || name == "pgpm.json" || name == "pgpm.apply.json") {
    // A pipe or a dead link of that name is a mistake to be told when it is read, not a reason to
    // pass the module over.
    if (entry.is_directory(error)) return;
    if (control) listing.control_files.push_back(name);
    listing.has_plan |= name == "pgpm.plan";
    listing.has_manifest |= name == "pgpm.json";
    listing.has_proxy |= name == "pgpm.apply.json";
  } else if (!name.starts_with('.') && name != "node_modules") {
    if (!entry.is_symlink(error) && entry.is_directory(error))
      listing.directories.push_back(entry.path());
  }
}

Listing list(const fs::path& dir) {
  Listing listing;
  for (fs::directory_iterator it(dir, listing.error), end; !listing.error && it != end;
       it.increment(listing.error))
    note_entry(*it, listing);
  std::sort(listing.control_files.begin(), listing.control_files.end());
  std::sort(listing.directories.begin(), listing.directories.end());
  return listing;
}

class ModuleSearch {
 public:
  ModuleSearch(const fs::path& root, const Manifest& manifest, std::vector<Diagnostic>& diagnostics)
      : root_(root), manifest_(manifest), diagnostics_(diagnostics) {}

  std::vector<ModuleDirectory> find() {
    for (const std::string& pattern : manifest_.packages) {
      if (pattern.starts_with('!')) continue;
      for (const fs::path& dir : matching_directories(root_, pattern)) search_from(dir);
    }
    const std::string installed = fs::path(manifest_.extensions_dir).generic_string();
    for (const char* below : {"/*", "/@*/*"})
      for (const fs::path& dir : matching_directories(root_, installed + below)) search_from(dir);
    std::vector<ModuleDirectory> modules;
    for (auto& [dir, module] : found_) modules.push_back(std::move(module));
    return modules;
  }

 private:
  void search_from(const fs::path& matched) {
    std::error_code error;
    const fs::path dir = fs::canonical(matched, error);
    if (error) return;
    const bool was_inside = is_within(matched.lexically_normal(), root_);
    if (was_inside && !is_within(dir, root_)) {
      warn(shown_path(matched),
           fmt::format("the link leads out of the workspace, to {}: ignored", dir.string()));
      return;
    }
    search(dir, depth_below_package);
  }

  void search(const fs::path& dir, int depth) {
    if (is_excluded(dir) || !seen_.insert(dir).second) return;
    Listing listing = list(dir);
    if (listing.error) return warn(shown_path(dir), "cannot be read: " + listing.error.message());
    if (listing.has_proxy)
      warn(shown_path(dir / "pgpm.apply.json"),
           "apply proxies are not supported: this one is ignored");
    if (listing.has_plan) {
      found_[dir] = ModuleDirectory{dir, std::move(listing.control_files)};
      return;
    }
    if (!listing.control_files.empty())
      warn(shown_path(dir / listing.control_files.front()),
           "there is no pgpm.plan beside it: this is no module");
    if (depth == 0) return;
    for (const fs::path& below : listing.directories)
      if (!is_nested_workspace(below)) search(below, depth - 1);
  }

  /// Fixtures and examples are often workspaces of their own: theirs are not our modules.
  static bool is_nested_workspace(const fs::path& dir) {
    std::error_code error;
    return fs::exists(dir / "pgpm.json", error);
  }

  bool is_excluded(const fs::path& dir) const {
    const std::string path = dir.lexically_relative(root_).generic_string();
    return std::any_of(manifest_.packages.begin(), manifest_.packages.end(),
                       [&](const std::string& pattern) {
                         return pattern.starts_with('!') &&
                                path_matches(std::string_view(pattern).substr(1), path);
                       });
  }

  void warn(std::string file, std::string message) {
    diagnostics_.push_back(file_finding(Severity::warning, std::move(file), std::move(message)));
  }

  const fs::path& root_;
  const Manifest& manifest_;
  std::vector<Diagnostic>& diagnostics_;
  std::set<fs::path> seen_;
  std::map<fs::path, ModuleDirectory> found_;
};

}  // namespace

std::vector<ModuleDirectory> find_modules(const fs::path& root, const Manifest& manifest,
                                          std::vector<Diagnostic>& diagnostics) {
  return ModuleSearch(root, manifest, diagnostics).find();
}

std::vector<std::string> control_files_in(const fs::path& dir) {
  return list(dir).control_files;
}

fs::path nearest_with(const fs::path& start, const char* name) {
  for (fs::path dir = start;; dir = dir.parent_path()) {
    std::error_code error;
    const fs::file_status status = fs::status(dir / name, error);
    if (fs::exists(status) && !fs::is_directory(status)) return dir;
    if (!dir.has_relative_path()) return {};
  }
}

}  // namespace pgpm
