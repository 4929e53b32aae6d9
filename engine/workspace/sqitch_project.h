// A Sqitch project on disk, as the module it is about to become.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/workspace/sqitch_conf.h"
#include "pgpm/workspace.h"

namespace pgpm {

struct SqitchFiles {
  SqitchConf conf;
  Module module;  ///< read, not written: pgpm.plan and the control file may not be there yet
  std::vector<std::string> missing;  ///< of pgpm.plan and NAME.control, those that are not there
  std::string control_text;
};

/// Reads sqitch.conf and the plan in `dir`. Throws Error(configuration) for what cannot become a
/// module: another engine, script folders elsewhere than beside each other, a plan with errors, a
/// pgpm.plan that says something else.
SqitchFiles read_sqitch_files(const std::filesystem::path& dir);

/// The project as a module to deploy in place. What it requires of other projects only the ledger
/// can tell: it has no control file, unless one was written.
Module sqitch_module(const std::filesystem::path& dir);

/// Writes what is missing; nothing that exists is touched. Returns the names.
std::vector<std::string> write_module_files(const SqitchFiles& files);

/// The workspace around it (or just itself) with the module in it.
Workspace workspace_with(const SqitchFiles& files);

}  // namespace pgpm
