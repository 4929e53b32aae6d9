// A private PostgreSQL server of the invoking user's own: unix socket only, no TCP, started on
// demand.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pgpm/target.h"

namespace pgpm {

struct LocalServerOptions {
  std::filesystem::path dir;      ///< state directory; data, socket and log live below it
  std::filesystem::path bin_dir;  ///< where initdb and postgres are; empty = find them
  bool durable = true;            ///< false: fsync off, for throwaway servers
  /// The server stops and its directory is removed when this process ends, however it ends.
  bool ephemeral = false;
};

struct LocalServerStatus {
  bool initialised = false, running = false;
  int pid = 0;
  std::string version;
  std::filesystem::path dir, socket_dir, log_file;
  int port = 0;
};

/// `$XDG_STATE_HOME/pgpm/local` and its fallback below $HOME (the CLI passes the environment's
/// values in).
LocalServerStatus local_server_status(const LocalServerOptions& options);
/// Creates (initdb) and starts it unless it runs. Cleans up what a dead owner left. As root the
/// server runs as an unprivileged user. Safe when called several times at once. Throws
/// Error(connection) with the server log's tail.
LocalServerStatus start_local_server(const LocalServerOptions& options);
void stop_local_server(const LocalServerOptions& options);
/// Stops it and removes its directory.
void destroy_local_server(const LocalServerOptions& options);
/// How to reach it.
Target local_server_target(const LocalServerOptions& options);
/// The folder with initdb and postgres, or nullopt: PATH, pg_config --bindir,
/// /usr/lib/postgresql/*/bin.
std::optional<std::filesystem::path> find_server_binaries();

}  // namespace pgpm
