// Has a deployed script's file been edited? Edits of comments, white space and keyword case do not
// count.
#pragma once

#include <vector>

#include "engine/migrate/script_hashes.h"
#include "engine/registry/state.h"
#include "pgpm/workspace.h"

namespace pgpm {

enum class FileState { as_deployed, edited, missing };

/// Compares the deploy scripts of a module's deployed changes with what the ledger says of them.
/// `rows` is deployed_instances(); the result has one entry per change, as_deployed for pending
/// ones. Rows written by upstream have no fingerprint: there any difference is an edit.
std::vector<FileState> compare_files(const Module& module,
                                     const std::vector<const DeployedChange*>& rows,
                                     const ScriptHashes& hashes);

/// Whether the hash of any of them is another, whatever the difference. Needs only names and hashes
/// of the ledger.
bool any_differs(const Module& module, const std::vector<const DeployedChange*>& rows,
                 const ScriptHashes& hashes);

}  // namespace pgpm
