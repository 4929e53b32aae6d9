// pgpm verify: is what is deployed really there?
#pragma once

#include "pgpm/deploy.h"

namespace pgpm {

struct VerifyOptions : RunOptions {
  std::vector<std::string> modules;
  std::string to;        ///< inclusive; "" = everything deployed
  std::size_t jobs = 1;  ///< connections
};

/// Runs each deployed change's verify script in a transaction that is always rolled back, and goes
/// on after a failure. Every failure is a VerifyFailed event and recorded in the ledger's events;
/// at the end Error(verification_failed) names how many and which. Managed objects that are gone,
/// or no longer what the server made of them when they were applied, count as failures: they are
/// the error's diagnostics.
RunReport verify(const Workspace& workspace, const Target& target, const VerifyOptions& options,
                 Observer& observer, std::stop_token stop);

}  // namespace pgpm
