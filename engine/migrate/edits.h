// Has a deployed script's file been edited? Edits of comments, white space and keyword case do not
// count.
#pragma once

#include <string_view>

#include "engine/registry/state.h"

namespace pgpm {

/// `bytes` is the deploy script as it is on disk. Rows written by upstream have no fingerprint:
/// there any difference is an edit.
bool is_edited(std::string_view bytes, const DeployedChange& row);

}  // namespace pgpm
