// A Sqitch project on disk, as the module it is about to become.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/new_files.h"
#include "engine/workspace/sqitch_conf.h"
#include "pgpm/sqitch.h"
#include "pgpm/workspace.h"

namespace pgpm {

struct SqitchFiles {
  SqitchConf conf;
  std::string conf_file;  ///< the project's own, for messages
  /// Read, not written: pgpm.plan and the control file may not be there yet. Its layout and its
  /// variables are those of sqitch.conf.
  Module module;
  /// Why it cannot become a module: scripts elsewhere than beside each other, or psql variables,
  /// which no file of a module has. Empty if it can.
  std::string stays_because;
  std::vector<std::string> missing;  ///< of pgpm.plan and NAME.control, those that are not there
  std::string control_text;
  bool has_control = false;  ///< the control file is on disk
};

/// Reads sqitch.conf (and what else `sources` names) and the plan in `dir`. The module's directory
/// is top_dir, or the project's if scripts are elsewhere. Throws Error(configuration) for what
/// cannot be deployed: another engine, folders outside of the project, a plan with errors, a
/// pgpm.plan that says something else.
SqitchFiles read_sqitch_files(const std::filesystem::path& dir, const SqitchSources& sources);

/// The project as a module to deploy in place. What it requires of other projects only the ledger
/// can tell: it has no control file, unless one was written.
Module sqitch_module(const std::filesystem::path& dir, const SqitchSources& sources);

/// Writes what is missing; nothing that exists is touched. All of it goes again with the result,
/// unless that is told to keep() it.
std::unique_ptr<NewFiles> write_module_files(const SqitchFiles& files);

/// The workspace around it (or just itself) with the module in it.
Workspace workspace_with(const SqitchFiles& files);

}  // namespace pgpm
