#include "engine/migrate/script_store.h"

#include <fmt/format.h>

#include "engine/text/digest.h"
#include "engine/text/file.h"
#include "engine/workspace/module_search.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const char* what, const char* hint) {
  throw Error(ErrorCode::configuration, fmt::format("{} {}", shown_path(path), what)).hint(hint);
}

/// The file itself or a folder between it and the module. Cheaper than a canonical path, and almost
/// always the answer is no.
bool passes_link(const Module& module, const fs::path& path) {
  std::error_code error;
  for (fs::path at = path; at != module.dir && at.has_relative_path(); at = at.parent_path())
    if (fs::is_symlink(fs::symlink_status(at, error))) return true;
  return false;
}

void check_place(const Module& module, const fs::path& path) {
  if (!passes_link(module, path)) return;
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return;  // gone since: reading it says so
  const fs::path base = fs::canonical(module.dir, error);
  if (error || !is_within(real, base))
    refuse(path, "is a link that leaves the module", "put the script itself into the module");
}

/// The same for the folder of a script. Thousands of scripts in a row are in the same one, so the
/// last answer is kept: a run with nothing to do is little more than these look-ups.
void check_folder(const Module& module, const fs::path& folder) {
  thread_local fs::path last;
  if (folder == last) return;
  check_place(module, folder);
  last = folder;
}

}  // namespace

std::optional<std::string> read_script(const Module& module, Module::ScriptKind kind,
                                       const std::string& script_name) {
  const fs::path path = module.script_path(kind, script_name);
  std::error_code error;
  fs::file_status status = fs::symlink_status(path, error);
  if (!fs::exists(status)) return std::nullopt;
  check_folder(module, path.parent_path());
  const bool link = fs::is_symlink(status);
  if (link) status = fs::status(path, error);
  // Opening a pipe would wait for a writer.
  if (fs::exists(status) && !fs::is_regular_file(status))
    refuse(path, "is not a regular file", "a script is a file with SQL in it");
  if (link) check_place(module, path);
  return read_file(path);
}

StoredScript load_script(const Module& module, Module::ScriptKind kind,
                         const std::string& script_name) {
  const fs::path path = module.script_path(kind, script_name);
  StoredScript stored;
  stored.shown_file = shown_path(path);
  std::optional<std::string> bytes = read_script(module, kind, script_name);
  if (!bytes) return stored;
  stored.hash = sha256_hex(*bytes);
  stored.script = sql::Script::parse(stored.shown_file, std::move(*bytes));
  return stored;
}

std::string deploy_script_hash(const Module& module, const std::string& script_name) {
  const std::optional<std::string> bytes =
      read_script(module, Module::ScriptKind::deploy, script_name);
  return bytes ? sha256_hex(*bytes) : std::string();
}

}  // namespace pgpm
