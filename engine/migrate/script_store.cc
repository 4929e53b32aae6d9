#include "engine/migrate/script_store.h"

#include "engine/text/digest.h"
#include "engine/text/file.h"

namespace pgpm {

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
