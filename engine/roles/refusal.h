// Why the server does not let us change roles, and what would help.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/error.h"

namespace pgpm::roles {

/// The error, saying which right is missing (42501) or what stands in the way of dropping a role
/// (2BP01, 55006); any other as it is. Outside of a transaction: it may ask the server who we are.
Error explain(db::Connection& connection, const Error& error);

}  // namespace pgpm::roles
