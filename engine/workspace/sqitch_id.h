// Sqitch's change ids: SHA-1 over a Git-like object, each chained to the one before. Only needed
// for plans that name a required change by its id; our ledger has ids of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pgpm/plan.h"

namespace pgpm {

/// One id per change of the plan, same index.
std::vector<std::string> sqitch_change_ids(const Plan& plan);

/// %uri as it goes into the ids: escaped and in lower case where Perl's URI module does that.
std::string canonical_uri(std::string_view uri);

}  // namespace pgpm
