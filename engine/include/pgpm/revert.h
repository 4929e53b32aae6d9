// pgpm revert: take changes back, newest first.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/deploy.h"

namespace pgpm {

enum class RevertReach {
  last,  ///< the last deployed change of the module
  to,    ///< everything after RevertOptions::to, which stays
  all,   ///< everything of the module
};

struct RevertOptions : RunOptions {
  std::vector<std::string>
      modules;  ///< any spelling; empty = every module of the workspace (needs reach all)
  RevertReach reach = RevertReach::last;
  std::string to;
  bool cascade = false;           ///< take changes of other modules that depend on these along
  bool verify_remaining = false;  ///< run the verify scripts of what stays
  bool drop_extensions = false;
  bool log_only = false;  ///< take the ledger rows back without running scripts
  TransactionScope scope = TransactionScope::run;
};

Worklist plan_revert(const Workspace& workspace, const Target& target, const RevertOptions& options,
                     std::stop_token stop);

/// Managed objects of a module go before its last changes. If changes stay, what stands in the way
/// of the others is put back as it was; that it cannot come back ends the run.
/// Reverts. Refused (Error(refused)) naming every dependant of other modules unless `cascade`. A
/// module with nothing deployed is nothing to revert. Same failure contract as deploy().
RunReport revert(const Workspace& workspace, const Target& target, const RevertOptions& options,
                 Observer& observer, std::stop_token stop, const Approval& approve = {});

}  // namespace pgpm
