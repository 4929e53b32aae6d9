// pgpm status, log, migrate list/deps: what is deployed, what is pending, what happened. Read only.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/objects.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

struct ModuleStatus {
  std::string module;
  std::size_t deployed = 0;
  std::vector<std::string> pending;
  std::optional<std::string>
      tag;  ///< current tag, with '@': the last one whose change and all before are deployed
  std::optional<std::string> last_change, last_deployed_at, deployed_by;
  std::vector<std::string> edited;
  std::vector<std::string> interrupted;  ///< non-transactional changes whose run did not finish
  std::vector<std::string> unplanned;    ///< deployed, but not in the plan
  /// Of a module with a folder objects/, or with objects that are recorded.
  struct Objects {
    std::size_t managed = 0;            ///< recorded
    std::vector<ObjectChange> pending;  ///< what the next deploy makes, replaces or removes
  };
  std::optional<Objects> objects;
};

struct StatusReport {
  std::string database;
  bool ledger_installed = false;
  std::vector<ModuleStatus> modules;
};

/// `modules` as in DeployOptions. Never writes; SELECT rights on the ledger are enough. Throws
/// Error(configuration) for declarations of managed objects that cannot be read.
StatusReport status(const Workspace& workspace, const Target& target,
                    const std::vector<std::string>& modules, std::stop_token stop);

/// One change of a module as `migrate list` shows it. status: "deployed", "pending", "edited",
/// "unknown" (offline).
struct ListedChange {
  std::string module, change, status;
  std::vector<std::string> requires_changes, conflicts, tags;
  std::string deployed_at, deployed_by;
};
/// `target` nullopt = offline: plan only, status "unknown".
std::vector<ListedChange> list_changes(const Workspace& workspace,
                                       const std::optional<Target>& target,
                                       const std::vector<std::string>& modules,
                                       std::stop_token stop);

/// A run or event of the ledger's history, newest first.
struct HistoryEntry {
  std::string kind;  ///< "run" or "event"
  std::string at, by, command, outcome, module, change, error_code, error_message, tool_version,
      git_commit;
  long run_id = 0;
};
std::vector<HistoryEntry> history(const Target& target, const std::vector<std::string>& packages,
                                  std::size_t limit, std::stop_token stop);

}  // namespace pgpm
