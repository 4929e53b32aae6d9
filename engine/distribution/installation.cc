// The extensions directory: what lies in it, and how one module takes the place of another.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

#include "engine/distribution/json_file.h"
#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "engine/text/file_changes.h"
#include "engine/text/path.h"
#include "engine/workspace/manifest.h"
#include "pgpm/installation.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

bool is_npm_word(std::string_view word) {
  return !word.empty() && word.front() != '.' && word.front() != '_' && word.front() != '-' &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
         });
}

bool is_npm_name(std::string_view name) {
  if (name.empty() || name.size() > 214) return false;
  if (name.front() != '@') return is_npm_word(name);
  const std::size_t slash = name.find('/');
  return slash != name.npos && is_npm_word(name.substr(1, slash - 1)) &&
         is_npm_word(name.substr(slash + 1));
}

void collect(const fs::path& dir, std::vector<ModulePackage>& found) {
  std::error_code error;
  if (!fs::is_regular_file(dir / "pgpm.plan", error)) return;
  try {
    found.push_back(read_module_package(dir));
  } catch (const Error&) {
    // What is broken is `pgpm check`'s to tell; it is no installed package to us.
  }
}

}  // namespace

fs::path extensions_directory(const Workspace& workspace, const std::string& extensions_dir) {
  std::string name = extensions_dir;
  if (name.empty()) {
    std::vector<Diagnostic> diagnostics;
    const fs::path file = workspace.root / "pgpm.json";
    name = read_manifest(file.string(), read_regular_file(file).value_or("{}"), diagnostics)
               .extensions_dir;
  }
  std::error_code error;
  const fs::path real = fs::weakly_canonical(workspace.root / name, error);
  if (error || !is_within(real, workspace.root) || real.lexically_relative(workspace.root) == ".")
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no folder inside of the workspace", name))
        .hint("the extensions directory must be one, such as \"extensions\"");
  return workspace.root / name;
}

fs::path installed_directory(const fs::path& extensions, const std::string& npm_name) {
  if (!is_npm_name(npm_name))
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no npm name", npm_name));
  return extensions / npm_name;
}

std::vector<ModulePackage> installed_modules(const fs::path& extensions) {
  std::vector<ModulePackage> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(extensions, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !entry.is_directory()) continue;
    if (!name.starts_with('@')) {
      collect(entry.path(), found);
      continue;
    }
    for (const fs::directory_entry& inner : fs::directory_iterator(entry.path(), error))
      collect(inner.path(), found);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.npm.name < b.npm.name; });
  return found;
}

void record_dependencies(const fs::path& json_file, const std::vector<ModulePackage>& packages,
                         DependencyChange change) {
  nlohmann::ordered_json json = read_json_file(json_file);
  std::map<std::string, nlohmann::ordered_json> members;
  if (const auto present = json.find("dependencies"); present != json.end() && present->is_object())
    for (const auto& [name, version] : present->items()) members[name] = version;
  for (const ModulePackage& package : packages) {
    if (change == DependencyChange::add)
      members[package.npm.name] = package.npm.version;
    else
      members.erase(package.npm.name);
  }
  nlohmann::ordered_json sorted = nlohmann::ordered_json::object();
  for (const auto& [name, version] : members) sorted[name] = version;
  if (members.empty())
    json.erase("dependencies");
  else
    json["dependencies"] = sorted;
  write_json_file(json_file, json);
}

std::vector<std::pair<std::string, std::string>> recorded_dependencies(const fs::path& json_file) {
  return read_npm_fields(json_file).dependencies;
}

class Installation::Steps : public FileChanges {};

Installation::Installation(fs::path extensions)
    : extensions_(std::move(extensions)), steps_(std::make_unique<Steps>()) {}

Installation::~Installation() = default;

fs::path Installation::place_of(const ModulePackage& package) const {
  fs::path place = installed_directory(extensions_, package.npm.name);
  std::error_code error;
  if (!is_within(fs::weakly_canonical(place.parent_path(), error),
                 fs::weakly_canonical(extensions_, error)))
    throw Error(ErrorCode::configuration,
                fmt::format("{} leads out of {}", shown_path(place), shown_path(extensions_)));
  return place;
}

void Installation::install(const ModulePackage& package) {
  const fs::path place = place_of(package);
  std::error_code error;
  if (fs::exists(fs::symlink_status(place, error))) steps_->remove(place);
  steps_->move(package.dir, place);
}

void Installation::uninstall(const ModulePackage& package) {
  const fs::path place = place_of(package);
  steps_->remove(place);
  left_.push_back(place.parent_path());
}

void Installation::record(const fs::path& json_file, const std::vector<ModulePackage>& packages,
                          DependencyChange change) {
  steps_->remember(json_file);
  record_dependencies(json_file, packages, change);
}

void Installation::remember(const fs::path& file) {
  steps_->remember(file);
}

void Installation::keep() {
  steps_->keep();
  std::error_code ignored;
  for (const fs::path& folder : left_)
    if (folder != extensions_) fs::remove(folder, ignored);  // a scope, if it is empty now
}

}  // namespace pgpm
