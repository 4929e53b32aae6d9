// The one table of exit statuses. README and man page are held against it by a test.
#pragma once

#include <span>

#include "pgpm/error.h"

namespace pgpm::cli {

struct ExitCode {
  int status;
  const char* name;
  const char* meaning;
};

/// Every status pgpm ends with, in ascending order.
std::span<const ExitCode> exit_codes();

/// The status for an error that ended a command.
int exit_status(ErrorCode code);

}  // namespace pgpm::cli
