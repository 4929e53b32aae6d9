// The checks that need a whole plan: tags that name their change, duplicates and reworks,
// references.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/workspace/findings.h"
#include "pgpm/plan.h"

namespace pgpm {

/// A tag line that names its change ("@v1 users 2024-..."): which one is known when all lines are
/// read.
struct TagPlace {
  std::size_t tag = 0;             ///< index into Plan::tags
  std::size_t changes_before = 0;  ///< how many changes stand above the line
  std::size_t column = 0;
  std::string change;
};

/// Completes the plan (Tag::change, Change::superseded, Change::script_name) and reports what is
/// wrong with it.
void check_plan(Plan& plan, const std::vector<TagPlace>& places, Findings& findings);

}  // namespace pgpm
