// The database a session project goes into, made or made anew where that is wanted.
#pragma once

#include "engine/db/connection.h"
#include "engine/session/server_access.h"
#include "pgpm/session.h"

namespace pgpm {

struct TargetDatabase {
  db::Connection connection;
  bool created = false;
};
/// A connection to it. Throws Error(lock_held) if another process created it at the same moment,
/// Error(configuration) for one that must not be dropped, Error(approval).
TargetDatabase open_target_database(const ServerAccess& access, const SessionOptions& options);

}  // namespace pgpm
