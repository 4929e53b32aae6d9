#include "engine/migrate/script_store.h"

#include "engine/text/digest.h"
#include "engine/text/file.h"

namespace pgpm {

std::string shown_path(const std::filesystem::path& path) {
  static const std::filesystem::path here = [] {
    std::error_code error;
    return std::filesystem::current_path(error);
  }();
  const std::string shorter = path.lexically_proximate(here).generic_string();
  return shorter.starts_with("..") ? path.generic_string() : shorter;
}

StoredScript load_script(const Module& module, Module::ScriptKind kind,
                         const std::string& script_name) {
  const std::filesystem::path path = module.script_path(kind, script_name);
  StoredScript stored;
  stored.shown_file = shown_path(path);
  std::optional<std::string> bytes = read_file(path);
  if (!bytes) return stored;
  stored.hash = sha256_hex(*bytes);
  stored.script = sql::Script::parse(stored.shown_file, std::move(*bytes));
  return stored;
}

std::string deploy_script_hash(const Module& module, const std::string& script_name) {
  const std::optional<std::string> bytes =
      read_file(module.script_path(Module::ScriptKind::deploy, script_name));
  return bytes ? sha256_hex(*bytes) : std::string();
}

}  // namespace pgpm
