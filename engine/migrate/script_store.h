// The scripts of a run, read from disk once: bytes, hash and parsed form. Knows modules, not
// databases.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/sql/script.h"
#include "pgpm/workspace.h"

namespace pgpm {

struct StoredScript {
  std::string shown_file;                     ///< as messages name it
  std::shared_ptr<const sql::Script> script;  ///< nullptr if there is no such file
  std::string hash;  ///< SHA-256 of the file's bytes, "" if there is no such file
  explicit operator bool() const { return script != nullptr; }
};

/// The bytes of a script, or nullopt if there is no such file. Throws Error(configuration) for what
/// is no regular file (a pipe, a device, a folder) and for a link that leaves the module.
std::optional<std::string> read_script(const Module& module, Module::ScriptKind kind,
                                       const std::string& script_name);

/// Reads and parses one script of a module. The problems it finds are in script->problems().
StoredScript load_script(const Module& module, Module::ScriptKind kind,
                         const std::string& script_name);

/// SHA-256 of a deploy script's bytes; "" if there is no such file. Cheaper than load_script:
/// nothing is parsed.
std::string deploy_script_hash(const Module& module, const std::string& script_name);

}  // namespace pgpm
