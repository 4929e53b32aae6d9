// What the commands of session projects share: options, settings, parameters, which folder.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"
#include "cli/session_settings.h"
#include "pgpm/session.h"
#include "pgpm/target.h"

namespace pgpm::cli {

/// --param, --params-file, --timeout, --compat.
std::vector<Option> with_session_parameters(std::vector<Option> own);

/// The folder named, else the working directory.
std::filesystem::path project_folder(const Invocation& invocation);

/// A command that needs a server has read its project's .env and pgmi.yaml.
struct SessionRequest {
  SessionSettings settings;
  SessionProject project;
  std::shared_ptr<EarlySession> early;  ///< begun before the project was read; may be nullptr
};
/// `options` have what the session's beginning depends on.
SessionRequest session_request(const Invocation& invocation, const SessionOptions& options);

/// Parameters, limits, notices, login and maintenance database. Throws Error(usage or
/// configuration) for what cannot be read.
void read_session_options(const Invocation& invocation, const SessionSettings& settings,
                          SessionOptions& options);
/// PGMI_MAX_FILE_SIZE.
SessionScanOptions session_scan_options(const Invocation& invocation);

}  // namespace pgpm::cli
