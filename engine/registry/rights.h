// What rights on the ledger are missing, said so that the reader can pass it on to whoever may
// grant them.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/error.h"

namespace pgpm::registry {

/// For an install that was refused with 42501; the connection must not be in a transaction.
Error explain_denied_install(db::Connection& connection, const Error& error);
/// For a statement on the ledger that was; any state of the connection will do.
Error explain_denied_writing(const db::Connection& connection, const Error& error);
/// For a query that was. Errors that are not about rights come back as they are.
Error explain_denied_reading(const db::Connection& connection, const Error& error);

}  // namespace pgpm::registry
