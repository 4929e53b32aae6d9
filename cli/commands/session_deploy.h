// What `pgpm session deploy` does, for `pgpm deploy FOLDER` to do the same.
#pragma once

#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"

namespace pgpm::cli {

/// Without those of the connection and of reports.
std::vector<Option> session_deploy_options();
int run_session_deploy(Invocation& invocation);

}  // namespace pgpm::cli
