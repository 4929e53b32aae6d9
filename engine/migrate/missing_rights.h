// Rights that a run will need and the role does not have: found before the first write, and told
// together. What scripts need only the server knows.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/worklist.h"

namespace pgpm {

/// Throws Error(sql) with a finding for each right that is missing, and how to grant it.
void require_rights(db::Connection& connection, const Worklist& worklist);

}  // namespace pgpm
