// Passwords as the server keeps them.
#pragma once

#include <string>

#include "engine/db/connection.h"
#include "pgpm/target.h"

namespace pgpm::db {

/// A SCRAM-SHA-256 verifier of the password, with a new salt each time, computed here: the password
/// itself is never sent. Fit for CREATE ROLE ... PASSWORD.
std::string encrypt_password(Connection& connection, const std::string& user,
                             const Secret& password);

}  // namespace pgpm::db
