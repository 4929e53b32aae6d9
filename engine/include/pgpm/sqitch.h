// Sqitch projects that are deployed as they stand: what Sqitch's configuration files say of them
// beside where their files are. An application that embeds the engine says which files count; the
// engine knows none but a project's own sqitch.conf.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// Files with settings besides the project's sqitch.conf, which wins over them, as the user's wins
/// over the system's. One that is "" or not there says nothing.
struct SqitchSources {
  std::filesystem::path system_file, user_file;
  std::filesystem::path project_file;  ///< read in place of the project's sqitch.conf
  /// The target to look at whatever the files say: its name, or a db:pg: URI. A URI may hold a
  /// password.
  std::string target;
};

struct SqitchSettings {
  Secret database;             ///< the target's URI as libpq reads it; "" = libpq's defaults
  std::optional<bool> verify;  ///< deploy.verify
  std::string mode;            ///< deploy.mode: all, tag or change; "" if it is not set
  std::string user_name, user_email;
};

/// load_workspace() (pgpm/workspace.h) where a Sqitch project that is deployed in place has the
/// settings of `sources`.
Workspace load_workspace(const std::filesystem::path& start, const std::string& extensions_dir,
                         const SqitchSources& sources);

/// The settings of the Sqitch project in `dir`. Throws Error(configuration) for what cannot be
/// read, for another engine, and for a target that is not there.
SqitchSettings sqitch_settings(const std::filesystem::path& dir, const SqitchSources& sources);

/// The same of the project that `start` is in, if load_workspace() would deploy it in place;
/// nullopt if there is none. Cheap where no sqitch.conf is above `start`.
std::optional<SqitchSettings> sqitch_settings_around(const std::filesystem::path& start,
                                                     const SqitchSources& sources);

}  // namespace pgpm
