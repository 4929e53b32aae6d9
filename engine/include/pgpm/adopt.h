// pgpm adopt: take over a project that another tool has deployed so far. No script is run and
// nothing of the other tool is changed.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/deploy.h"
#include "pgpm/sqitch.h"

namespace pgpm {

struct AdoptOptions : RunOptions {
  SqitchSources sources;
  std::string registry;  ///< schema of Sqitch's registry; "" = what sqitch.conf says
  /// Deploy scripts that were edited since Sqitch deployed them: error refuses them all, warn and
  /// ignore take them as they are now.
  OnEdited on_edited = OnEdited::error;
  bool dry_run = false;
};

struct Adoption {
  std::string package;
  std::filesystem::path module_dir;
  std::vector<std::string> files;  ///< written, relative to module_dir
  struct Recorded {
    std::string change, deployed_at, deployed_by;
    std::vector<std::string> tags;
  };
  std::vector<Recorded> recorded;    ///< in the order they were deployed
  std::vector<std::string> already;  ///< in our ledger before
  std::vector<std::string> pending;  ///< planned, never deployed
  std::size_t events = 0;
  std::vector<Diagnostic> warnings;
};

/// Makes the Sqitch project in `dir` a module (pgpm.plan and a control file beside its scripts,
/// which stay as they are; none of both if sqitch.conf has the scripts in folders that a module
/// does not have, or sets psql variables), and records what Sqitch's registry has deployed of it,
/// with the time and the committer it has there. `target` nullopt = files only. All conflicts are
/// told at once as Error(refused): deployed changes that the plan does not have (any more), edited
/// scripts, requirements that are not in the ledger, rows of ours that say something else. Then,
/// and under dry_run, nothing is written.
Adoption adopt_sqitch(const std::filesystem::path& dir, const std::optional<Target>& target,
                      const AdoptOptions& options, Observer& observer, std::stop_token stop);

}  // namespace pgpm
