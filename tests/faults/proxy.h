// Stands between clients and a server, on a loopback port of its own, and passes on whole messages
// of protocol 3: late, as a slow link would, or not at all. A late message does not hold up the
// next one, so a link is slow to answer but not narrow, and no message costs a pause of its own.
// Encryption is refused ('N'), so that messages stay readable.
//
// One thread runs it, run(); `watch` is called there.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "tests/faults/message_reader.h"

namespace pgpm::tests {

struct ServerAddress {
  std::string host;  ///< the folder of its socket if it begins with '/', else a numeric address
  int port = 5432;
};

/// "DIR", "DIR:PORT" or "HOST:PORT". Throws std::runtime_error if it is none of them.
ServerAddress read_server_address(const std::string& text);

/// A message that is about to be passed on.
struct Passing {
  From from;
  const WireMessage& message;
  std::size_t number;      ///< of all messages of its connection, both directions, from 0
  std::size_t connection;  ///< which of the proxy's connections, from 0
  int backend_pid;         ///< 0 until the server has told it
};

enum class WireFate {
  pass,
  cut,            ///< both ends find their connection closed, the message is lost
  pass_then_cut,  ///< the other end still gets this one
};

class Proxy {
 public:
  using Watch = std::function<WireFate(const Passing&)>;

  /// Listens when made. `one_way` delays each message. Throws std::system_error.
  Proxy(ServerAddress server, std::chrono::nanoseconds one_way, Watch watch = {});
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const { return port_; }
  /// Until a stop is requested; then every connection is closed.
  void run(const std::stop_token& stop);

 private:
  ServerAddress server_;
  std::chrono::nanoseconds one_way_;
  Watch watch_;
  int listener_ = -1;
  int wake_ = -1;
  int port_ = 0;
};

}  // namespace pgpm::tests
