// Ending a transaction of our own.
#pragma once

#include "engine/db/connection.h"

namespace pgpm::db {

/// COMMIT, believed by its command tag: a failed transaction answers with ROLLBACK and no error.
/// Throws Error(sql) then.
void commit(Connection& connection);

}  // namespace pgpm::db
