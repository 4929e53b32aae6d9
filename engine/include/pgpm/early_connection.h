// Connecting while something else goes on: a server takes as long to start a session as this
// program takes to read a workspace.
#pragma once

#include <memory>
#include <stop_token>

#include "pgpm/deploy.h"
#include "pgpm/target.h"

namespace pgpm {

/// A session that a thread of its own opens, for RunOptions::early. When it goes away before
/// somebody took the connection, it gives up connecting.
class EarlyConnection;

/// Begins at once, and tells nothing: a failure is told when the connection is needed. nullptr if
/// it would be a nuisance: where the host's address has to be asked for, giving up can take long.
/// `target` and `options` must be those of the verb that gets it.
std::shared_ptr<EarlyConnection> connect_early(const Target& target, const RunOptions& options,
                                               std::stop_token stop);

}  // namespace pgpm
