// What `pgpm package` writes, and whether what it wrote before still fits.
#include <fmt/format.h>

#include <algorithm>

#include "engine/distribution/bundle.h"
#include "engine/distribution/extension_script.h"
#include "engine/text/ascii.h"
#include "engine/text/digest.h"
#include "engine/text/file.h"
#include "engine/text/file_changes.h"
#include "engine/text/new_files.h"
#include "pgpm/distribution.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

/// What may stand in a file name between "--" and ".sql".
void check_version(const Module& module, const std::string& version) {
  const bool sound = !version.empty() && version.find("--") == version.npos &&
                     version.front() != '-' && version.back() != '-' &&
                     std::all_of(version.begin(), version.end(), [](char c) {
                       return is_alnum(c) || c == '.' || c == '-' || c == '+' || c == '_';
                     });
  if (!sound)
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no version of an extension", version))
        .at({shown_path(module.dir / "package.json"), 0, 0})
        .hint("write one like 1.2.0 into package.json");
}

/// Replaces what stands between the first `before` and the first `after` behind it.
std::string replaced_between(const std::string& text, std::string_view before,
                             std::string_view after, const std::string& value) {
  const std::size_t begin = text.find(before);
  if (begin == text.npos) return text;
  const std::size_t at = begin + before.size();
  const std::size_t end = text.find(after, at);
  if (end == text.npos || text.substr(at, end - at).find('\n') != std::string::npos) return text;
  return text.substr(0, at) + value + text.substr(end);
}

std::string with_default_version(const std::string& text, const std::string& version) {
  const std::string changed = replaced_between(text, "default_version = '", "'", version);
  if (changed != text || text.find("default_version") != text.npos) return changed;
  return text + (text.empty() || text.back() == '\n' ? "" : "\n") +
         fmt::format("default_version = '{}'\n", version);
}

void add_version_files(const Module& module, PackagedModule& packaged) {
  const std::string control = module.name + ".control";
  if (const auto text = read_regular_file(module.dir / control))
    if (std::string after = with_default_version(*text, packaged.version); after != *text)
      packaged.other_files.emplace_back(control, std::move(after));
  if (const auto text = read_regular_file(module.dir / "Makefile"))
    if (std::string after =
            replaced_between(*text, "sql/" + module.name + "--", ".sql", packaged.version);
        after != *text)
      packaged.other_files.emplace_back("Makefile", std::move(after));
}

void find_stale(const Module& module, PackagedModule& packaged) {
  const std::string prefix = module.name + "--";
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(module.dir / "sql", error)) {
    const std::string name = entry.path().filename().string();
    const bool ours =
        name.starts_with(prefix) && (name.ends_with(".sql") || name.ends_with(".bundle.tar.gz"));
    // NAME--1.0--1.1.sql upgrades an installed extension; nobody but its author can write it.
    const bool upgrade = name.find("--", prefix.size()) != name.npos;
    const std::string file = "sql/" + name;
    if (ours && !upgrade && file != packaged.sql_file && file != packaged.bundle_file)
      packaged.stale.push_back(file);
  }
  std::sort(packaged.stale.begin(), packaged.stale.end());
}

std::string file_stem(const Module& module, const std::string& version) {
  return fmt::format("sql/{}--{}", module.name, version);
}

/// Where the module's bundle should be: by the control file's version, else the only one there is.
fs::path stored_bundle(const Module& module) {
  const fs::path named =
      module.dir / (file_stem(module, module.control.default_version) + ".bundle.tar.gz");
  std::error_code error;
  if (fs::exists(named, error)) return named;
  fs::path only;
  for (const fs::directory_entry& entry : fs::directory_iterator(module.dir / "sql", error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(module.name + "--") || !name.ends_with(".bundle.tar.gz")) continue;
    if (!only.empty()) return named;
    only = entry.path();
  }
  return only.empty() ? named : only;
}

std::string difference_to(const Module& module, const BundleDigests& stored) {
  const BundleDigests now = read_bundle_document(bundle_document(module));
  if (now.plan != stored.plan) return "the plan has changed";
  for (const auto& current : now.deploy) {
    const auto known =
        std::find_if(stored.deploy.begin(), stored.deploy.end(),
                     [&](const auto& entry) { return entry.first == current.first; });
    if (known == stored.deploy.end()) return current.first + " is not in the bundle";
    if (known->second != current.second)
      return fmt::format("deploy/{}.sql has changed", current.first);
  }
  return now.deploy.size() == stored.deploy.size() ? "" : "the bundle has changes that are gone";
}

void write_one(const Module& module, const PackagedModule& packaged, FileChanges& changes) {
  for (const auto& [file, text] : packaged.other_files) changes.write(module.dir / file, text);
  changes.write(module.dir / packaged.sql_file, packaged.sql);
  if (!packaged.bundle_file.empty()) {
    const fs::path bundle = module.dir / packaged.bundle_file;
    changes.remember(bundle);
    // Made anew if the control file has another version now, which is part of it.
    write_bundle(bundle,
                 packaged.other_files.empty() ? packaged.manifest : bundle_document(module));
  }
  for (const std::string& file : packaged.stale) changes.remove(module.dir / file);
}

}  // namespace

PackagedModule package_module(const Module& module) {
  PackagedModule packaged;
  packaged.package = module.package;
  packaged.version = read_npm_fields(module.dir / "package.json").version;
  check_version(module, packaged.version);
  const std::string stem = file_stem(module, packaged.version);
  packaged.sql_file = stem + ".sql";
  packaged.bundle_file = stem + ".bundle.tar.gz";
  std::vector<Diagnostic> problems;
  packaged.sql = extension_script(module, problems);
  const bool broken = std::any_of(problems.begin(), problems.end(), [](const Diagnostic& problem) {
    return problem.severity == Severity::error;
  });
  if (broken)
    throw Error(ErrorCode::configuration, fmt::format("{} cannot be packaged", module.package))
        .with(std::move(problems))
        .leaving("nothing was written");
  add_version_files(module, packaged);
  packaged.manifest = bundle_document(module);
  find_stale(module, packaged);
  return packaged;
}

std::vector<std::string> PackagedModule::files() const {
  std::vector<std::string> files;
  for (const auto& [file, text] : other_files) files.push_back(file);
  files.push_back(sql_file);
  if (!bundle_file.empty()) files.push_back(bundle_file);
  return files;
}

void write_packages(const std::vector<std::pair<const Module*, PackagedModule>>& packages) {
  FileChanges changes;
  for (const auto& [module, packaged] : packages) {
    const NewFiles inside(module->dir);
    for (const std::string& file : packaged.files()) inside.check(file);
  }
  for (const auto& [module, packaged] : packages) write_one(*module, packaged, changes);
  changes.keep();
}

void write_bundle(const Module& module, const std::filesystem::path& archive) {
  write_bundle(archive, bundle_document(module));
}

PackageState check_package(const Module& module) {
  PackageState state{module.package, {}, {}};
  const fs::path file = stored_bundle(module);
  std::error_code error;
  if (!fs::exists(file, error)) {
    state.drift = "missing-artifact";
    state.detail = shown_path(file) + " does not exist";
    return state;
  }
  try {
    const BundleDigests stored = read_bundle_document(read_bundle(file));
    if (stored.stated != stored.computed) {
      state.drift = "integrity";
      state.detail = "its digest is not that of its content";
      return state;
    }
    state.detail = difference_to(module, stored);
    if (!state.detail.empty()) state.drift = "out-of-sync";
  } catch (const Error& failure) {
    state.drift = "unreadable-artifact";
    state.detail = failure.what();
  }
  return state;
}

}  // namespace pgpm
