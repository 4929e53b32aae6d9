// What a snapshot shall cover, as the commands that take one offer it.
#pragma once

#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "pgpm/catalog.h"

namespace pgpm::cli {

/// Own options followed by --cluster and --exclude-schema.
std::vector<Option> with_snapshot_options(std::vector<Option> own);
/// Their values; schemas sorted, each once.
SnapshotOptions snapshot_options_of(const Arguments& arguments);

}  // namespace pgpm::cli
