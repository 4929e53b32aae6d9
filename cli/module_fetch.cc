#include "cli/module_fetch.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/npm.h"

namespace pgpm::cli {

namespace fs = std::filesystem;

namespace {

fs::path made(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot create {}: {}", dir.string(), error.message()));
  return dir;
}

bool is_path(const std::string& spec) {
  return spec.starts_with("./") || spec.starts_with("../") || spec.starts_with('/') ||
         spec.ends_with(".tgz") || spec.ends_with(".tar.gz") || spec == "." || spec == "..";
}

}  // namespace

ModuleFetch::ModuleFetch(const fs::path& extensions, std::vector<std::string> known)
    : work_(made(extensions)), known_(std::move(known)) {}

fs::path ModuleFetch::fresh_place() {
  return made(work_.path() / std::to_string(++places_));
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

/// Control files and npm name the same module differently (pgpm-verify, @pgpm/verify). A dependency
/// whose name does not end alike is somebody else's business: no package is fetched to look inside.
void ModuleFetch::resolve(const ModulePackage& package) {
  for (const std::string& module : package.requires_modules) {
    for (const auto& [name, version] : package.npm.dependencies) {
      const std::string last = name.substr(name.find('/') + 1);
      if (is_known(module) || (module != last && !module.ends_with("-" + last))) continue;
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
  for (const ModulePackage& package : requested_) resolve(package);
  for (std::size_t i = 0; i < required_.size(); ++i) resolve(ModulePackage(required_[i]));
}

std::vector<ModulePackage> ModuleFetch::all() const {
  std::vector<ModulePackage> packages(required_.rbegin(), required_.rend());
  packages.insert(packages.end(), requested_.begin(), requested_.end());
  return packages;
}

}  // namespace pgpm::cli
