// Where the password of a user who is added comes from: a file, a variable, or a person. Never from
// the command line, which every process list shows.
#pragma once

#include <string>

#include "cli/invocation.h"
#include "pgpm/target.h"

namespace pgpm::cli {

/// The first line of --password-file, else PGPM_USER_PASSWORD, else asked for twice on the
/// terminal. Throws Error(usage) if there is none or the two differ.
Secret user_password(Invocation& invocation, const std::string& user);

}  // namespace pgpm::cli
