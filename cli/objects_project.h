// What the commands about managed objects share: where the files are, which database, and the
// options that a run has. Options win over pgmg.toml, pgmg.toml over the environment.
#pragma once

#include <string>
#include <vector>

#include "cli/invocation.h"
#include "pgpm/objects.h"

namespace pgpm::cli {

/// --migrations-dir and --code-dir.
std::vector<Option> with_object_files(std::vector<Option> own);
/// The connection's, with --connection-string for --dsn.
std::vector<Option> with_object_connection(std::vector<Option> own);
/// Those, --on-drift, --unmanaged, --check-plpgsql and the limits of a run.
std::vector<Option> with_object_run(std::vector<Option> own);

/// Of all that write.
Option object_lock_wait();
/// Those, --lock-wait and --notify: for commands that write.
std::vector<Option> with_object_apply(std::vector<Option> own);

/// Throws Error(usage) if neither options nor pgmg.toml name a directory.
ObjectOptions object_options_of(const Invocation& invocation);
Target object_target_of(const Invocation& invocation);

}  // namespace pgpm::cli
