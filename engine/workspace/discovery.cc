// load_workspace: where the workspace is, which modules it has, and which one the start directory
// is in. Paths in the result are canonical, so that a module reached through a link is the same
// module.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/text/file.h"
#include "engine/text/path.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/manifest.h"
#include "engine/workspace/module_reader.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/sqitch_project.h"
#include "pgpm/workspace.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

fs::path existing_directory(const fs::path& start) {
  std::error_code error;
  fs::path dir = fs::canonical(start, error);
  if (error)
    throw Error(ErrorCode::configuration,
                fmt::format("cannot open {}: {}", start.string(), error.message()));
  return fs::is_directory(dir, error) ? dir : dir.parent_path();
}

[[noreturn]] void fail_outside(const fs::path& start, const fs::path& script_manifest) {
  Error error(ErrorCode::configuration,
              fmt::format("{} is in no workspace and in no module", start.string()));
  if (script_manifest.empty())
    throw error.hint("a workspace has a pgpm.json, a module a pgpm.plan: pgpm init makes them");
  throw error.hint(fmt::format("{} is not read: write the same as plain JSON into pgpm.json",
                               (script_manifest / "pgpm.config.js").string()));
}

class Discovery {
 public:
  Discovery(Workspace& workspace, const fs::path& start, const std::string& extensions_dir,
            const SqitchSources& sqitch)
      : workspace_(workspace),
        start_(existing_directory(start)),
        extensions_dir_(extensions_dir),
        sqitch_(sqitch) {}

  void load() {
    const fs::path root = nearest_with(start_, "pgpm.json");
    const fs::path module = nearest_with(start_, "pgpm.plan");
    const fs::path script_manifest = nearest_with(start_, "pgpm.config.js");
    if (root.empty() && module.empty()) return load_sqitch_project(script_manifest);
    if (!script_manifest.empty() &&
        (root.empty() || (script_manifest != root && is_within(script_manifest, root))))
      warn(script_manifest / "pgpm.config.js", "is not read",
           "write the same as plain JSON into pgpm.json");
    workspace_.has_manifest = !root.empty();
    workspace_.root = root.empty() ? module : root;
    if (workspace_.has_manifest) read_workspace();
    if (!module.empty() && is_within(module, workspace_.root)) add_current(module);
    if (module.empty()) add_sqitch_project();
    drop_duplicates();
    sort();
    report_shared_packages();
    find_current(module.empty() ? in_place_ : module);
  }

 private:
  /// A Sqitch project that was never made a module is deployed as it stands.
  void load_sqitch_project(const fs::path& script_manifest) {
    fs::path project = nearest_with(start_, "sqitch.conf");
    // With a file from elsewhere Sqitch takes the working directory for the project.
    if (project.empty() && fs::exists(sqitch_.project_file)) project = start_;
    if (project.empty()) fail_outside(start_, script_manifest);
    workspace_.modules.push_back(sqitch_module(project, sqitch_));
    workspace_.root = workspace_.modules.front().dir;
    workspace_.current = 0;
  }

  /// The same for one inside a workspace. If it was made a module, that module is meant.
  void add_sqitch_project() {
    const fs::path project = nearest_with(start_, "sqitch.conf");
    if (project.empty() || project == workspace_.root || !is_within(project, workspace_.root))
      return;
    try {
      Module module = sqitch_module(project, sqitch_);
      in_place_ = module.dir;
      for (const Module& other : workspace_.modules)
        if (other.package == module.package && is_within(other.dir, project)) in_place_ = other.dir;
      if (in_place_ == module.dir && !is_known(module.dir))
        workspace_.modules.push_back(std::move(module));
    } catch (const Error& error) {
      warn(project / "sqitch.conf", fmt::format("no module can be made of it: {}", error.what()),
           error.hint());
    }
  }

  bool is_known(const fs::path& dir) const {
    return std::any_of(workspace_.modules.begin(), workspace_.modules.end(),
                       [&](const Module& module) { return module.dir == dir; });
  }

  void read_workspace() {
    const std::string file = shown_path(workspace_.root / "pgpm.json");
    Manifest manifest =
        read_manifest(file, read_regular_file(file).value_or(""), workspace_.diagnostics);
    if (!extensions_dir_.empty()) manifest.extensions_dir = extensions_dir_;
    for (const ModuleDirectory& directory :
         find_modules(workspace_.root, manifest, workspace_.diagnostics))
      workspace_.modules.push_back(read_module(directory, workspace_.diagnostics));
  }

  /// The module the user stands in counts even if no pattern of the manifest matches it.
  void add_current(const fs::path& dir) {
    if (is_known(dir)) return;
    workspace_.modules.push_back(read_module({dir, control_files_in(dir)}, workspace_.diagnostics));
    if (workspace_.has_manifest)
      warn(dir / "pgpm.plan", "no pattern of pgpm.json's \"packages\" matches this module",
           "runs from elsewhere in the workspace do not see it");
  }

  void drop_duplicates() {
    std::map<std::string, std::size_t> kept;
    std::vector<Module>& modules = workspace_.modules;
    std::stable_sort(modules.begin(), modules.end(), [](const Module& a, const Module& b) {
      const std::string &x = a.dir.native(), &y = b.dir.native();
      return x.size() != y.size() ? x.size() < y.size() : x < y;
    });
    std::vector<Module> unique;
    for (Module& module : modules) {
      const auto [place, fresh] = kept.emplace(module.name, unique.size());
      if (fresh || module.name.empty()) {
        unique.push_back(std::move(module));
        continue;
      }
      warn(module.dir / "pgpm.plan",
           fmt::format("a second module called \"{}\": {} is the one that counts", module.name,
                       shown_path(unique[place->second].dir / "pgpm.plan")),
           "rename one of them");
    }
    modules = std::move(unique);
  }

  void sort() {
    std::sort(workspace_.modules.begin(), workspace_.modules.end(),
              [](const Module& a, const Module& b) { return a.dir < b.dir; });
    std::stable_sort(
        workspace_.diagnostics.begin(), workspace_.diagnostics.end(),
        [](const Diagnostic& a, const Diagnostic& b) { return a.where.file < b.where.file; });
  }

  /// Two modules with one name in the ledger would deploy over each other.
  void report_shared_packages() {
    std::map<std::string, const Module*> owners;
    for (const Module& module : workspace_.modules) {
      const auto [owner, fresh] = owners.emplace(module.package, &module);
      if (fresh || module.package.empty()) continue;
      workspace_.diagnostics.push_back(
          file_finding(Severity::error, module.plan.file,
                       fmt::format("%project \"{}\" is also that of {}", module.package,
                                   owner->second->plan.file),
                       "the ledger knows modules by their %project: give each its own"));
    }
  }

  void find_current(const fs::path& dir) {
    for (std::size_t i = 0; i < workspace_.modules.size(); ++i)
      if (workspace_.modules[i].dir == dir) workspace_.current = i;
  }

  void warn(const fs::path& file, std::string message, std::string hint) {
    workspace_.diagnostics.push_back(
        file_finding(Severity::warning, shown_path(file), std::move(message), std::move(hint)));
  }

  Workspace& workspace_;
  fs::path start_;
  const std::string& extensions_dir_;
  const SqitchSources& sqitch_;
  fs::path in_place_;  // the Sqitch project the user stands in, if that is no module
};

}  // namespace

Workspace load_workspace(const fs::path& start, const std::string& extensions_dir) {
  return load_workspace(start, extensions_dir, SqitchSources());
}

Workspace load_workspace(const fs::path& start, const std::string& extensions_dir,
                         const SqitchSources& sqitch) {
  Workspace workspace;
  Discovery(workspace, start, extensions_dir, sqitch).load();
  return workspace;
}

}  // namespace pgpm
