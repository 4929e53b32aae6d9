// What Sqitch's settings say of the connection: in a Sqitch project that is deployed in place they
// count where the command line is silent, as they do for Sqitch. Read here: SQITCH_CONFIG,
// SQITCH_USER_CONFIG, SQITCH_SYSTEM_CONFIG, SQITCH_TARGET, SQITCH_USERNAME, SQITCH_PASSWORD.
#pragma once

#include <filesystem>
#include <string>

#include "cli/arguments.h"
#include "cli/environment.h"
#include "cli/invocation.h"
#include "cli/planner.h"
#include "pgpm/deploy.h"
#include "pgpm/sqitch.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm::cli {

/// The files, and the target of --target or SQITCH_TARGET. `dir` is what relative names start from.
SqitchSources sqitch_sources(const Arguments& arguments, const Environment& environment,
                             const std::filesystem::path& dir);

/// choose_target(), with what `settings` say where no connection string is given.
Target choose_sqitch_target(const SqitchSettings& settings, const Arguments& arguments,
                            const Environment& environment, std::string application);

/// The same with the settings of the project `dir` is in; choose_target() if it is in none that is
/// deployed in place. Throws Error(usage) for --target there, Error(configuration) for settings
/// that cannot be read.
Target choose_target_in(const std::filesystem::path& dir, const Arguments& arguments,
                        const Environment& environment, std::string application);

/// Who plans a change according to SQITCH_FULLNAME and SQITCH_EMAIL or the settings' user.name and
/// user.email, in such a project. "" = nobody.
Person sqitch_user(const Invocation& invocation);

/// [deploy] verify and mode, where neither --verify nor --tx is given and only such a project is
/// deployed. Sqitch's mode "change" keeps what went before a failing change, as --tx change does.
void read_sqitch_deploy(const Invocation& invocation, const Workspace& workspace,
                        DeployOptions& options);

}  // namespace pgpm::cli
