// Programs that work beside the test server and want to be who it is: they refuse to run as root,
// and others may not come near the server's socket.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pgpm::tests {

/// Starts `command` as the owner of `socket_dir`, who then owns `own_dir` too. Never outlives us.
/// The process id.
int start_beside(const std::filesystem::path& socket_dir, const std::filesystem::path& own_dir,
                 const std::vector<std::string>& command);
/// The same, to its end. Its exit status, -1 if a signal ended it.
int run_beside(const std::filesystem::path& socket_dir, const std::filesystem::path& own_dir,
               const std::vector<std::string>& command);

/// One on the loopback interface that nobody listens on.
int free_port();

}  // namespace pgpm::tests
