// What a session project says about its deployments in pgmi.yaml, read by yaml-cpp,
// and the variables in its .env.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "pgpm/session.h"

namespace pgpm::cli {

struct SessionSettings {
  /// Of the block `connection`: host, port, username, database, sslmode, sslcert, sslkey,
  /// sslrootcert, maintenance_database, password_command.
  std::map<std::string, std::string> connection;
  SessionParameters parameters;
  std::optional<std::string> timeout;
};

/// The folder's pgmi.yaml; empty settings if it has none. Throws Error(configuration) with the
/// place for what is no YAML, for unknown keys and for values that are no scalars.
SessionSettings read_session_settings(const std::filesystem::path& folder);

/// The folder's .env: sets what the environment does not have. A line that cannot be read is passed
/// over; returns how many there were.
std::size_t take_env_file(const std::filesystem::path& folder);

}  // namespace pgpm::cli
