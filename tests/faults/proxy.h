// Stands between clients and a PostgreSQL server on this machine and passes whole messages on:
// late, to be a slow link, or not at all, to be a cut one. Encryption is declined.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "tests/faults/message_reader.h"

namespace pgpm::faults {

/// A message that has arrived in the proxy and was not yet passed on.
struct Passing {
  Sender sender = Sender::client;
  char type = '\0';
  std::string_view bytes;
  std::size_t number = 0;  ///< of all messages of all sessions, from 1
};

enum class Verdict {
  pass,
  cut,       ///< both ends of the session, at once; this message goes nowhere
  pass_cut,  ///< the same once it is passed on
};

struct ProxyOptions {
  std::string host;  ///< of the server: a name, or the folder of its socket
  std::string port = "5432";
  /// There and back: half of it each way. Messages are late, not fewer per second.
  std::chrono::microseconds round_trip{0};
  /// Asked for each message, on the proxy's thread. Nothing given: everything passes.
  std::function<Verdict(const Passing&)> judge;
};

/// Serves on a thread of its own until it is destroyed; then all sessions are cut.
class Proxy {
 public:
  /// Throws std::system_error if it cannot listen.
  explicit Proxy(ProxyOptions options);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const;  ///< on 127.0.0.1

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace pgpm::faults
