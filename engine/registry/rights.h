// What rights on the ledger are missing, said so that the reader can pass it on to whoever may
// grant them.
#pragma once

#include <vector>

#include "engine/db/connection.h"
#include "pgpm/error.h"
#include "pgpm/event.h"

namespace pgpm::registry {

/// What the role lacks for a run that writes to the ledger, as far as the catalogs tell: nothing is
/// tried. `version` of the ledger as read_state() found it (0 = none, or upstream's); `action`
/// deploy or revert. Each finding says how to grant it.
std::vector<Diagnostic> missing_rights(db::Connection& connection, int version, Action action);

/// For an install that was refused with 42501; the connection must not be in a transaction.
Error explain_denied_install(db::Connection& connection, const Error& error);
/// For a statement on the ledger that was; any state of the connection will do.
Error explain_denied_writing(const db::Connection& connection, const Error& error);
/// For a query that was. Errors that are not about rights come back as they are.
Error explain_denied_reading(const db::Connection& connection, const Error& error);

}  // namespace pgpm::registry
