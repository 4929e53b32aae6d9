// The database a session project goes into, made or made anew where that is wanted.
#pragma once

#include <stop_token>

#include "pgpm/session.h"
#include "pgpm/target.h"

namespace pgpm {

/// Whether the database was created. Throws Error(lock_held) if another process created it at the
/// same moment, Error(configuration) for one that must not be dropped, Error(approval).
bool prepare_database(const Target& target, const SessionOptions& options, std::stop_token stop);

}  // namespace pgpm
