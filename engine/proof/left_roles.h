// Roles that scripts made on a server that others use: a scratch database goes away, they do not.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/resolve.h"
#include "pgpm/target.h"

namespace pgpm::proof {

/// Looks at the server's roles now, and once more when all scripts have run.
class LeftRoles {
 public:
  /// Throws Error(connection).
  LeftRoles(Target server, std::stop_token stop);

  /// A warning for each role that is new and that a script names, at that place. Roles that
  /// others made meanwhile are theirs.
  std::vector<Diagnostic> warnings(const Resolution& resolution) const;

 private:
  std::vector<std::string> read() const;

  Target server_;
  std::stop_token stop_;
  std::vector<std::string> before_;
};

}  // namespace pgpm::proof
