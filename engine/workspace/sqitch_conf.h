// sqitch.conf: where a Sqitch project keeps its plan, scripts and registry. Git's configuration
// syntax, as far as Sqitch uses it. Only the project's own file is read, not the user's and not the
// machine's: a project must mean the same for everybody.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

struct SqitchConf {
  using Variables = std::map<std::string, std::string, std::less<>>;

  std::string engine;     ///< core.engine, else the one core.target's URI names; "" if neither
  std::string extension;  ///< of the scripts, without the dot
  std::string registry = "sqitch";
  std::filesystem::path top_dir = ".";
  /// As written or as Sqitch assumes: relative to the project, or absolute.
  std::filesystem::path plan_file;
  std::array<std::filesystem::path, 3> script_dirs;    ///< deploy, revert, verify
  std::array<std::filesystem::path, 3> reworked_dirs;  ///< the same of superseded instances
  /// For deploy, revert and verify scripts, as the three commands of Sqitch put them together.
  std::array<Variables, 3> variables;
};

/// Target settings (target.NAME.*) are looked at if core.target or else engine.pg.target names one.
/// Problems are appended to `diagnostics`.
SqitchConf read_sqitch_conf(const std::string& file, std::string_view text,
                            std::vector<Diagnostic>& diagnostics);

}  // namespace pgpm
