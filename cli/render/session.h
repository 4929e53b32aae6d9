// What a session deploy says to people besides what all runs say.
#pragma once

#include <string>

#include "cli/style.h"
#include "pgpm/event.h"

namespace pgpm::cli {

/// A notice as its author wrote it, DETAIL and HINT below: deploy.sql reports in its own words, and
/// programs may read them (TAP).
std::string show_plain_notice(const ServerMessage& message, const Style& style);
/// "Deployed shop: 12 files loaded, 4 tests passed, in 0.12 s."
std::string session_summary(const SessionLoaded& session, const RunFinished& run,
                            const Style& style);

}  // namespace pgpm::cli
