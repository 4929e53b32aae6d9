// sqitch.conf: where a Sqitch project keeps its plan, scripts and registry, and which database it
// is for. As Sqitch has it, the machine's file and the user's come first and the project's own wins
// over them; which files these are the caller says.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/workspace/git_config.h"
#include "pgpm/error.h"
#include "pgpm/sqitch.h"

namespace pgpm {

struct SqitchConf {
  /// What its arrays are ordered by, as keys and usual folders are called.
  static constexpr const char* script_kinds[] = {"deploy", "revert", "verify"};
  using Variables = std::map<std::string, std::string, std::less<>>;

  std::string engine;     ///< core.engine, else the one the target's URI names; "" if neither
  std::string extension;  ///< of the scripts, without the dot
  std::string registry = "sqitch";
  std::filesystem::path top_dir = ".";
  /// As written or as Sqitch assumes: relative to the project, or absolute.
  std::filesystem::path plan_file;
  std::array<std::filesystem::path, 3> script_dirs;    ///< deploy, revert, verify
  std::array<std::filesystem::path, 3> reworked_dirs;  ///< the same of superseded instances
  /// For deploy, revert and verify scripts, as the three commands of Sqitch put them together.
  std::array<Variables, 3> variables;
  bool has_variables = false;  ///< others than :registry, which is always there
  SqitchSettings settings;
};

/// What the settings of all files together mean. The target is `target` (a name, or a URI), else
/// core.target, else engine.pg.target; what target.NAME.* says wins over engine.pg.*, and that over
/// core.*. Problems are appended to `diagnostics`; what has no place of its own is about `file`.
SqitchConf read_sqitch_conf(const GitSettings& settings, const std::string& target,
                            const std::string& file, std::vector<Diagnostic>& diagnostics);

}  // namespace pgpm
