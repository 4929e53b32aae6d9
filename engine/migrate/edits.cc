#include "engine/migrate/edits.h"

#include "engine/migrate/script_store.h"
#include "engine/sql/fingerprint.h"

namespace pgpm {

namespace {

/// Whether it differs only where it does not count.
bool means_the_same(const Module& module, const Change& change, const DeployedChange& row) {
  if (row.fingerprint.empty()) return false;
  const auto bytes = read_script(module, Module::ScriptKind::deploy, change.script_name);
  return bytes && sql::fingerprint(*bytes) == row.fingerprint;
}

FileState compare_file(const Module& module, std::size_t change, const DeployedChange& row,
                       const ScriptHashes& hashes) {
  const std::string_view hash = hashes.of(module, change);
  if (hash.empty()) return FileState::missing;
  if (hash == row.script_hash) return FileState::as_deployed;
  const bool same = means_the_same(module, module.plan.changes[change], row);
  return same ? FileState::as_deployed : FileState::edited;
}

}  // namespace

std::vector<FileState> compare_files(const Module& module,
                                     const std::vector<const DeployedChange*>& rows,
                                     const ScriptHashes& hashes) {
  std::vector<FileState> states(rows.size(), FileState::as_deployed);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i] != nullptr) states[i] = compare_file(module, i, *rows[i], hashes);
  return states;
}

bool any_differs(const Module& module, const std::vector<const DeployedChange*>& rows,
                 const ScriptHashes& hashes) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == nullptr) continue;
    const std::string_view hash = hashes.of(module, i);
    if (!hash.empty() && hash != rows[i]->script_hash) return true;
  }
  return false;
}

}  // namespace pgpm
