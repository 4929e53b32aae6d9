// What `pgpm session deploy` does, for `pgpm deploy FOLDER` to do the same.
#pragma once

#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"

namespace pgpm::cli {

/// Without those of the connection and of reports.
std::vector<Option> session_deploy_options();
/// `pgpm deploy` has these beside its own; each says that it is for session projects.
std::vector<Option> session_options_of_deploy();
int run_session_deploy(Invocation& invocation);

/// One folder was named, it has a deploy.sql, and it is no module.
bool names_session_project(const Invocation& invocation);
/// Throws Error(usage) for an option of the other kind of deploy.
void refuse_options_of_modules(const Invocation& invocation);
void refuse_options_of_sessions(const Invocation& invocation);

}  // namespace pgpm::cli
