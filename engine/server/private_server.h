// The steps behind pgpm/local_server.h that have no place in a public header.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "engine/server/layout.h"
#include "pgpm/local_server.h"

namespace pgpm::server {

/// The first lines of postmaster.pid, as the server keeps them.
struct PidFile {
  pid_t pid = 0;
  bool ready = false;  ///< accepts connections
};
PidFile read_pid_file(const Layout& layout);
/// The postmaster of this layout's data, 0 if none runs (a pid file left by a dead one does not
/// count).
pid_t postmaster(const Layout& layout);
/// The end of the server's log, for error messages.
std::string log_tail(const Layout& layout);

enum class Shutdown { fast, immediate };
/// Returns when it is gone. Harder means follow when a shutdown takes too long.
void stop_postmaster(const Layout& layout, Shutdown how);

/// Removes ephemeral servers below `parent` whose owner is dead.
void remove_abandoned(const std::filesystem::path& parent);
/// This process owns the (ephemeral) server from now on.
void record_owner(const Layout& layout);

}  // namespace pgpm::server
