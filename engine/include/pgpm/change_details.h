// pgpm show: all that is known of one change.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/status.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

struct ChangeScript {
  std::string kind;  ///< "deploy", "revert" or "verify"
  std::string file;  ///< as shown in messages
  bool exists = false;
  std::string text;  ///< "" if it does not exist
};

struct ChangeDetails {
  std::string module, change;  ///< ledger name, script name
  SourceLocation planned_at;   ///< its line of the plan
  std::string planner, email, timestamp, note;
  std::vector<std::string> tags;  ///< without '@'
  std::vector<ChangeScript> scripts;
  std::vector<std::string> requires_changes, conflicts;  ///< "package:change"
  std::vector<std::string> dependents;                   ///< "package:change", of the workspace
  /// "deployed", "edited", "pending", or "unknown" without a database.
  std::string status = "unknown";
  std::string deployed_at, deployed_by, script_hash;
  std::vector<HistoryEntry> history;  ///< events of this change, newest first
};

/// `target` nullopt = files only. Throws Error(configuration) for a reference that means no change.
ChangeDetails change_details(const Workspace& workspace, const Module& module,
                             const std::string& reference, const std::optional<Target>& target,
                             std::stop_token stop);

}  // namespace pgpm
