// What a dependency means inside its own plan: order matters here, because a plan is deployed line
// by line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "pgpm/plan.h"

namespace pgpm {

/// The change a reference means, or why it means none.
struct OwnReference {
  std::optional<std::size_t> change;
  std::string message, hint;
};

/// Looks for near names only this often: a plan that is all mistakes must not cost a search of the
/// whole plan for each of them.
struct NearestBudget {
  int searches = 10;
};

/// `ref` as required by the change at index `at` (plan.changes.size() for one that is about to be
/// appended): it must come earlier. In a rework the change's own bare name is its former instance.
OwnReference required_change(const Plan& plan, const ChangeRef& ref, std::size_t at,
                             NearestBudget& budget);
/// `ref` in a conflict: need not exist, may come later.
std::optional<std::size_t> conflicting_change(const Plan& plan, const ChangeRef& ref,
                                              std::size_t at);

/// The change `ref` means in the whole plan, wherever it stands.
OwnReference find_reference(const Plan& plan, const ChangeRef& ref, NearestBudget& budget);

}  // namespace pgpm
