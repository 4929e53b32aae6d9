// Which tests a pattern means: PostgreSQL's own regular expressions, judged by the server, so that
// one means the same here and in SQL.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm {

/// The paths that match somewhere (the pattern is not anchored). Throws Error(usage) if it is no
/// regular expression; the transaction, if one is open, has then failed.
std::set<std::string> matching_paths(db::Connection& connection,
                                     const std::vector<std::string>& paths,
                                     const std::string& pattern);

}  // namespace pgpm
