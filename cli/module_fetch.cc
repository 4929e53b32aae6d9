#include "cli/module_fetch.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/npm.h"

namespace pgpm::cli {

namespace fs = std::filesystem;

namespace {

fs::path made(const fs::path& dir, FileChanges& folders) {
  folders.make_folders(dir);
  return dir;
}

bool is_path(const std::string& spec) {
  return spec.starts_with("./") || spec.starts_with("../") || spec.starts_with('/') ||
         spec.ends_with(".tgz") || spec.ends_with(".tar.gz") || spec == "." || spec == "..";
}

}  // namespace

ModuleFetch::ModuleFetch(const fs::path& place, std::vector<std::string> known,
                         std::vector<ModulePackage> installed)
    : work_(made(place, folders_)), known_(std::move(known)), installed_(std::move(installed)) {}

fs::path ModuleFetch::fresh_place() {
  fs::path place = work_.path() / std::to_string(++places_);
  fs::create_directory(place);
  return place;
}

ModulePackage ModuleFetch::take(const std::string& spec, const fs::path& dir) {
  const fs::path place = fresh_place();
  try {
    std::error_code error;
    const fs::path path = dir / spec;
    if (!is_path(spec)) {
      unpack_archive(npm_pack(spec, fresh_place()), place);
    } else if (fs::is_directory(path, error)) {
      copy_module_folder(path, place);
    } else if (fs::is_regular_file(path, error)) {
      unpack_archive(path, place);
    } else {
      throw Error(ErrorCode::configuration, "there is no such file or folder");
    }
    return read_module_package(place);
  } catch (Error& error) {
    throw error.add_context("installing " + spec);
  }
}

bool ModuleFetch::is_known(const std::string& module) const {
  return std::find(known_.begin(), known_.end(), module) != known_.end();
}

void ModuleFetch::fetch(const std::string& spec, const fs::path& dir) {
  requested_.push_back(take(spec, dir));
  known_.push_back(requested_.back().module);
}

const ModulePackage* ModuleFetch::fetched(const std::string& npm_name) const {
  for (const auto* packages : {&requested_, &required_})
    for (const ModulePackage& package : *packages)
      if (package.npm.name == npm_name) return &package;
  return nullptr;
}

void ModuleFetch::replace(const std::string& npm_name, const std::string& wanted) {
  if (fetched(npm_name) != nullptr) return;
  for (const ModulePackage& package : installed_) {
    if (package.npm.name != npm_name || npm_satisfies(npm_name, wanted, package.npm.version))
      continue;
    replaced_.push_back(package);
    required_.push_back(take(npm_name + "@" + wanted, {}));
    return;
  }
}

std::vector<std::string> ModuleFetch::mismatches() const {
  std::vector<ModulePackage> there = all();
  for (const ModulePackage& package : installed_)
    if (fetched(package.npm.name) == nullptr) there.push_back(package);
  std::vector<std::string> found;
  for (const ModulePackage& package : there)
    for (const auto& [name, wanted] : package.npm.dependencies) {
      const ModulePackage* other = fetched(name);
      if (other != nullptr && !npm_satisfies(name, wanted, other->npm.version))
        found.push_back(fmt::format("{}@{} wants {}@{}, not {}", package.npm.name,
                                    package.npm.version, name, wanted, other->npm.version));
    }
  return found;
}

/// Control files and npm name the same module differently (pgpm-verify, @pgpm/verify). A dependency
/// whose name does not end alike is somebody else's business: no package is fetched to look inside.
void ModuleFetch::resolve(const ModulePackage& package) {
  for (const std::string& module : package.requires_modules) {
    for (const auto& [name, version] : package.npm.dependencies) {
      const std::string last = name.substr(name.find('/') + 1);
      if (module != last && !module.ends_with("-" + last)) continue;
      if (is_known(module)) {
        replace(name, version);
        continue;
      }
      ModulePackage found = take(name + "@" + version, {});
      known_.push_back(found.module);
      required_.push_back(std::move(found));
    }
    if (!is_known(module) &&
        std::find(unresolved_.begin(), unresolved_.end(), module) == unresolved_.end())
      unresolved_.push_back(module);
  }
}

void ModuleFetch::fetch_required() {
  for (std::size_t i = 0; i < requested_.size(); ++i) resolve(ModulePackage(requested_[i]));
  for (std::size_t i = 0; i < required_.size(); ++i) resolve(ModulePackage(required_[i]));
}

std::vector<ModulePackage> ModuleFetch::all() const {
  std::vector<ModulePackage> packages(required_.rbegin(), required_.rend());
  packages.insert(packages.end(), requested_.begin(), requested_.end());
  return packages;
}

}  // namespace pgpm::cli
