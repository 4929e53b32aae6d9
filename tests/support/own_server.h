// A server of one test's own, with settings that other tests could not live with: TLS, rules of who
// may log in, a log of everything. On a loopback port and a socket, gone with the object.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pgpm/target.h"

namespace pgpm::tests {

struct OwnServerOptions {
  std::vector<std::string> settings;  ///< "log_statement=all"
  /// Lines of pg_hba.conf behind the one that lets everybody in through the socket.
  std::string rules;
  /// A shell script run in the server's folder before it starts, by the server's user: makes the
  /// files that the settings name.
  std::string prepare;
};

class OwnServer {
 public:
  /// Ready when made. Ends the executable as skipped without the programs it needs.
  explicit OwnServer(const OwnServerOptions& options);
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  /// As its superuser `postgres`, through the socket.
  Target target() const;
  int port() const { return port_; }
  /// Where `prepare` ran.
  const std::filesystem::path& dir() const { return dir_; }
  /// All that the server has logged.
  std::string log() const;

 private:
  std::filesystem::path dir_;
  int port_ = 0;
  int pid_ = 0;
};

}  // namespace pgpm::tests
