// New workspaces and modules. Where a module goes is the one decision here: it follows pgpm.json's
// first pattern.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/text/file.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/glob.h"
#include "engine/workspace/manifest.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/names.h"
#include "engine/workspace/new_files.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* first_version = "0.0.1";

fs::path absolute_directory(const fs::path& dir) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(dir), error);
  if (error)
    throw Error(ErrorCode::configuration,
                fmt::format("cannot open {}: {}", dir.string(), error.message()));
  return path;
}

void refuse_existing(const fs::path& dir, const char* file) {
  std::error_code error;
  if (fs::exists(dir / file, error))
    throw Error(ErrorCode::configuration, fmt::format("{} exists already", shown_path(dir / file)));
}

/// "packages/*" -> "packages"; a pattern of another shape says nothing about where new modules go.
std::string parent_folder(const Manifest& manifest) {
  for (const std::string& pattern : manifest.packages) {
    const bool plain =
        pattern.ends_with("/*") && pattern.find_first_of("*?!") == pattern.size() - 1;
    if (plain) return pattern.substr(0, pattern.size() - 2);
  }
  return "packages";
}

bool some_pattern_matches(const Manifest& manifest, const std::string& path) {
  bool matches = false;
  for (const std::string& pattern : manifest.packages) {
    if (pattern.starts_with('!') && path_matches(std::string_view(pattern).substr(1), path))
      return false;
    matches |= path_matches(pattern, path);
  }
  return matches;
}

fs::path module_folder(const fs::path& start, const std::string& name) {
  const fs::path inside = nearest_with(start, "pgpm.plan");
  const fs::path root = nearest_with(start, "pgpm.json");
  if (!inside.empty() && (root.empty() || is_within(inside, root)))
    throw Error(ErrorCode::configuration,
                fmt::format("{} is inside of a module already", start.string()))
        .hint("go to the workspace's root first");
  if (root.empty()) return start;
  std::vector<Diagnostic> diagnostics;
  const std::string file = (root / "pgpm.json").string();
  const Manifest manifest = read_manifest(file, read_regular_file(file).value_or(""), diagnostics);
  if (!diagnostics.empty())
    throw Error(ErrorCode::configuration, fmt::format("{} has errors", file))
        .with(std::move(diagnostics));
  if (start == root) return root / parent_folder(manifest) / name;
  fs::path folder = start / name;
  if (some_pattern_matches(manifest, folder.lexically_relative(root).generic_string()))
    return folder;
  throw Error(ErrorCode::configuration,
              fmt::format("pgpm.json's \"packages\" would not find a module in {}", start.string()))
      .hint(fmt::format("go to {} or to the workspace's root",
                        (root / parent_folder(manifest)).string()));
}

void refuse_known_name(const fs::path& start, const std::string& name) {
  if (nearest_with(start, "pgpm.json").empty()) return;
  const Workspace workspace = load_workspace(start);
  if (const Module* module = workspace.find(name))
    throw Error(ErrorCode::configuration, fmt::format("there is a module \"{}\" already", name))
        .at({module->plan.file, 0, 0});
}

std::string makefile_text(const std::string& name) {
  return fmt::format(
      "EXTENSION = {0}\nDATA = sql/{0}--{1}.sql\n\nPG_CONFIG = pg_config\n"
      "PGXS := $(shell $(PG_CONFIG) --pgxs)\ninclude $(PGXS)\n",
      name, first_version);
}

std::string package_text(const std::string& name) {
  const Json json = {{"name", name}, {"version", first_version}};
  return json.dump(2) + "\n";
}

void check_required_names(const std::vector<std::string>& names, const std::string& own) {
  for (const std::string& name : names) {
    const bool broken = name.empty() || name.find_first_of(",'\"\\\r\n#") != std::string::npos;
    if (broken)
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" is no module or extension name", name));
    if (name == own)
      throw Error(ErrorCode::configuration, fmt::format("\"{}\" cannot require itself", name));
  }
}

}  // namespace

std::vector<std::string> init_workspace(const fs::path& dir, const std::string& name) {
  const fs::path root = absolute_directory(dir);
  refuse_existing(root, "pgpm.json");
  Json json = Json::object();
  if (!name.empty()) json["name"] = name;
  json["packages"] = {"packages/*"};
  json["extensionsDir"] = "extensions";
  NewFiles files(root);
  files.write("pgpm.json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  files.directory("packages");
  return files.keep();
}

std::vector<std::string> init_module(const fs::path& start, const std::string& name,
                                     const std::vector<std::string>& requires_modules) {
  if (const std::string problem = module_name_problem(name); !problem.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no module name: {}", name, problem));
  check_required_names(requires_modules, name);
  const fs::path base = absolute_directory(start);
  const fs::path folder = module_folder(base, name);
  refuse_known_name(base, name);
  NewFiles files(base);
  const std::string prefix =
      folder == base ? std::string() : folder.lexically_relative(base).generic_string() + "/";
  const std::string texts[][2] = {
      {prefix + "pgpm.plan",
       fmt::format("%syntax-version=1.0.0\n%project={0}\n%uri={0}\n\n", name)},
      {prefix + name + ".control", control_text(name, first_version, requires_modules)},
      {prefix + "Makefile", makefile_text(name)},
      {prefix + "package.json", package_text(name)}};
  for (const auto& text : texts) {
    files.check(text[0]);
    refuse_existing(base, text[0].c_str());
  }
  for (const auto& text : texts) files.write(text[0], text[1]);
  for (const char* scripts : {"deploy", "revert", "verify"}) files.directory(prefix + scripts);
  return files.keep();
}

}  // namespace pgpm
