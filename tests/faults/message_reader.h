// Where the messages of PostgreSQL's protocol (version 3) end in a stream of bytes. Format:
// "Message Formats" in PostgreSQL's documentation: a type byte and a length of four bytes,
// big-endian, which counts itself; a client's first messages have no type.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace pgpm::faults {

enum class Sender { client, server };

struct WireMessage {
  char type = '\0';        ///< '\0' for a client's first ones
  std::string_view bytes;  ///< all of it; valid during the call
  int code() const;        ///< of one without a type: protocol version, or what is asked for
};

/// What a client may ask before its start-up message, and how a server declines.
constexpr int ssl_request = 80877103, gss_request = 80877104, cancel_request = 80877102;

/// One direction of one session.
class MessageReader {
 public:
  explicit MessageReader(Sender sender) : typed_(sender == Sender::server) {}

  /// Calls `each` for every message that is complete with these bytes; keeps the rest.
  void feed(std::string_view bytes, const std::function<void(const WireMessage&)>& each);

 private:
  std::size_t size_of_first() const;  // 0: not yet known

  bool typed_;
  std::string pending_;
};

}  // namespace pgpm::faults
