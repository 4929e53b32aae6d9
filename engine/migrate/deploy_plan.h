// Decides what a deploy does: files and ledger in, worklist out. Pure apart from reading scripts;
// sends nothing.
#pragma once

#include "engine/migrate/native_extensions.h"
#include "engine/migrate/object_facts.h"
#include "engine/migrate/script_hashes.h"
#include "engine/registry/state.h"
#include "pgpm/deploy.h"
#include "pgpm/resolve.h"
#include "pgpm/worklist.h"

namespace pgpm {

/// Throws Error with every problem there is: unknown --to (configuration), edited scripts
/// (edited_script), missing scripts (script_missing), scripts that cannot be sent (configuration),
/// unmet requirements, conflicts and extensions the server does not offer (refused).
Worklist decide_deploy(const Resolution& resolution, const RegistryState& state,
                       const ExtensionFacts& extensions, const DeployOptions& options,
                       const ScriptHashes& hashes = {}, const ObjectFacts& objects = {});

}  // namespace pgpm
