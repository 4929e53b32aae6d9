// From the options of the session commands, the environment and pgmi.yaml to a Target. Options win
// over the environment, the environment over the file; a connection string takes the place of all
// single settings.
#pragma once

#include <functional>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"
#include "cli/session_settings.h"
#include "pgpm/target.h"

namespace pgpm::cli {

/// Those that only session projects have.
std::vector<Option> further_connection_options();
/// The connection's options plus --connection, --sslmode, --sslcert, --sslkey, --sslrootcert and
/// --password-command.
std::vector<Option> with_session_connection(std::vector<Option> own);

/// Throws Error(configuration) for contradictions and if no database is named.
Target session_target(const Invocation& invocation, const SessionSettings& settings);
/// The target with the password that --password-command (or pgmi.yaml's password_command) writes at
/// that moment, as SessionOptions::fresh_login; {} if there is no such command.
std::function<Target(const Target&)> session_login(const Invocation& invocation,
                                                   const SessionSettings& settings);

}  // namespace pgpm::cli
