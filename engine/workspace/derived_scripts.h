// The text of a revert and of a verify script, from the statements of a deploy script.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/script.h"
#include "pgpm/error.h"

namespace pgpm {

/// `origin` says in the script where it comes from. Statements that nothing undoes are appended to
/// `warnings`, with their place in the deploy script.
std::string derived_revert(const sql::Script& deploy, std::string_view change,
                           std::string_view origin, std::vector<Diagnostic>& warnings);
std::string derived_verify(const sql::Script& deploy, std::string_view change,
                           std::string_view origin);

}  // namespace pgpm
