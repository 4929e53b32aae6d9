// What programs notice of a change (Compatibility), from what the server says before and after.
// Pure.
#pragma once

#include <string>

#include "engine/sql/script.h"
#include "pgpm/objects.h"

namespace pgpm::objects {

/// `before` and `after` are the interfaces (definitions.sql); "" = there was none, or it is
/// unknown.
Compatibility compatibility_of_update(ObjectKind kind, const std::string& before,
                                      const std::string& after);
Compatibility compatibility_of_removal(ObjectKind kind);
Compatibility compatibility_of_migration(const sql::Script& script);

}  // namespace pgpm::objects
