// sqitch.conf: where a Sqitch project keeps its plan, scripts and registry. Git's configuration
// syntax, as far as Sqitch uses it. Only the project's own file is read, not the user's and not the
// machine's: a project must mean the same for everybody.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

struct SqitchConf {
  std::string engine;  ///< core.engine, "" if it is not said
  std::string registry = "sqitch";
  std::filesystem::path top_dir = ".";
  std::filesystem::path plan_file;  ///< relative to the project; "" is resolved to top_dir's
  /// Relative to the project.
  std::filesystem::path deploy_dir, revert_dir, verify_dir;
  std::optional<std::filesystem::path> reworked_dir;
  std::map<std::string, std::string> variables;  ///< core, deploy and engine ones, later wins
};

/// Target settings (target.NAME.*) are looked at if engine.pg.target names one. Problems are
/// appended to `diagnostics`.
SqitchConf read_sqitch_conf(const std::string& file, std::string_view text,
                            std::vector<Diagnostic>& diagnostics);

}  // namespace pgpm
