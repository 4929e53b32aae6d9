// pgpm doctor: is everything there that pgpm needs? Looks only.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

struct HealthCheck {
  std::string name;  ///< "server", "ledger rights", ...
  enum class Status { ok, warning, failed } status = Status::ok;
  std::string message;
  std::string remedy;  ///< what to type or do, "" if there is nothing to do
};
const char* health_status_name(HealthCheck::Status status);

/// Connection, version, role, rights for the ledger, the ledger itself, running runs. A connection
/// that cannot be made is a failed check, no exception.
std::vector<HealthCheck> examine_database(const Target& target, std::stop_token stop);

/// Files: what check() finds, and modules whose versions disagree.
std::vector<HealthCheck> examine_workspace(const Workspace& workspace);

}  // namespace pgpm
