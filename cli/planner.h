// Who writes a plan line, and when.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "cli/environment.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

/// "2024-01-15T10:00:00Z": PGPM_FROZEN_TIME or now. Throws Error(usage) if that is no time.
std::string time_now(const Environment& environment);

/// git's user.name and user.email as configured for `dir`; what git does not know from
/// PGPM_PLANNER_NAME and PGPM_PLANNER_EMAIL; then `otherwise`; else the login at this host. The
/// time is time_now().
struct Person {
  std::string name, email;
};
Authorship authorship(const Environment& environment, const std::filesystem::path& dir,
                      const Person& otherwise = {});

/// "2024-01-15T10:00:00Z" from an ISO 8601 time (with or without time of day, fraction, offset) or
/// seconds since 1970.
std::optional<std::string> plan_time(std::string_view text);

}  // namespace pgpm::cli
