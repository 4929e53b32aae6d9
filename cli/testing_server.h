// Where a testing run makes its scratch databases: on the server that options or environment name,
// else on a private one that is thrown away afterwards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"
#include "pgpm/local_server.h"
#include "pgpm/target.h"

namespace pgpm::cli {

/// --ephemeral and the connection's options, whose database is only where scratch databases are
/// made from.
std::vector<Option> with_testing_server(std::vector<Option> own);

class TestingServer {
 public:
  /// Starts the private server if that is what is wanted. Throws Error(usage) if --ephemeral
  /// contradicts another option, Error(connection) if it does not start.
  /// An ephemeral one has the standard roles, so that modules find them as after `admin-users
  /// bootstrap`.
  explicit TestingServer(const Invocation& invocation);
  /// Removes it. If the process is killed, its watcher does.
  ~TestingServer();
  TestingServer(const TestingServer&) = delete;
  TestingServer& operator=(const TestingServer&) = delete;

  const Target& target() const { return target_; }
  /// Nobody else uses it: what belongs to the whole server is the run's own, too.
  bool is_ephemeral() const { return ephemeral_.has_value(); }

 private:
  std::optional<LocalServerOptions> ephemeral_;
  Target target_;
};

}  // namespace pgpm::cli
