// From an archive or a folder to a module that may be installed.
#include <fmt/format.h>

#include <set>

#include "engine/distribution/archive.h"
#include "engine/text/file.h"
#include "engine/workspace/module_reader.h"
#include "pgpm/installation.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

/// The path below the folder that all entries are in; nullopt for that folder itself. Throws for
/// what could leave it.
std::optional<fs::path> inner_path(const fs::path& archive, const std::string& text) {
  const fs::path path(text);
  const auto refuse = [&](const char* why) {
    throw Error(ErrorCode::configuration,
                fmt::format("{}: the entry \"{}\" {}", shown_path(archive), text, why));
  };
  if (text.empty() || path.is_absolute()) refuse("has no place inside of a folder");
  if (text.find('\\') != text.npos || text.find('\0') != text.npos) refuse("is no plain path");
  fs::path inner;
  bool first = true;
  for (const fs::path& part : path) {
    if (part == "..") refuse("leaves the folder");
    if (part == "." || part.empty()) continue;
    if (!first) inner /= part;
    first = false;
  }
  return inner.empty() ? std::nullopt : std::optional(inner);
}

void write_file(const fs::path& file, const std::string& bytes) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot create {}: {}", file.parent_path().string(), error.message()));
  replace_file(file, bytes);
}

bool is_left_out(const std::string& name) {
  return name == ".git" || name == "node_modules";
}

}  // namespace

void unpack_archive(const fs::path& archive, const fs::path& into) {
  std::set<fs::path> seen;
  read_archive(archive, {}, [&](ArchiveEntry&& entry) {
    const auto inner = inner_path(archive, entry.path);
    if (!inner || entry.kind != ArchiveEntry::Kind::file) return;
    if (!seen.insert(*inner).second)
      throw Error(ErrorCode::configuration,
                  fmt::format("{}: the entry \"{}\" comes twice", shown_path(archive), entry.path));
    write_file(into / *inner, entry.bytes);
  });
}

void copy_module_folder(const fs::path& folder, const fs::path& into) {
  const ArchiveLimits limits;
  std::size_t entries = 0, bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_left_out(entry->path().filename().string())) {
      if (entry->is_directory(error)) entry.disable_recursion_pending();
      continue;
    }
    const fs::path inner = entry->path().lexically_relative(folder);
    if (entry->is_symlink(error) || !(entry->is_directory(error) || entry->is_regular_file(error)))
      throw Error(ErrorCode::configuration,
                  fmt::format("{} is neither a file nor a directory", shown_path(entry->path())));
    if (entry->is_directory(error)) continue;
    const std::string text = read_regular_file(entry->path()).value_or("");
    bytes += text.size();
    if (++entries > limits.entries || bytes > limits.all_bytes)
      throw Error(ErrorCode::configuration,
                  fmt::format("{} is too large for a module", shown_path(folder)));
    write_file(into / inner, text);
  }
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot read {}: {}", shown_path(folder), error.message()));
}

ModulePackage read_module_package(const fs::path& dir) {
  std::error_code error;
  if (!fs::is_regular_file(dir / "pgpm.plan", error))
    throw Error(ErrorCode::configuration, "it holds no pgpm.plan: it is no module");
  std::vector<Diagnostic> diagnostics;
  const Module module = read_module({fs::canonical(dir), control_files_in(dir)}, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics)
    if (diagnostic.severity == Severity::error)
      throw Error(ErrorCode::configuration, "the module has errors").with(diagnostics);
  if (module.control.file.empty())
    throw Error(ErrorCode::configuration, "it holds no control file: it is no module");
  ModulePackage package;
  package.dir = dir;
  package.module = module.name;
  package.package = module.package;
  package.npm = read_npm_fields(dir / "package.json");
  package.requires_modules = module.control.requires_modules;
  if (package.npm.name.empty() || package.npm.version.empty())
    throw Error(ErrorCode::configuration, "its package.json has no name or no version");
  return package;
}

}  // namespace pgpm
