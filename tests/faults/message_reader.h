// Where one message of PostgreSQL's protocol 3 ends and the next begins, in one direction of a
// connection, however the bytes are cut up (format: PostgreSQL documentation, 55.7 "Message
// Formats"). Encrypted connections cannot be read: the proxy refuses encryption.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pgpm::tests {

enum class From { client, server };

struct WireMessage {
  char type = 0;           ///< 0: one of the packets before the session, which have no type
  std::int32_t code = 0;   ///< of such a packet: one of those below, or the protocol's version
  std::string bytes = {};  ///< all of it, type and length included
};

constexpr std::int32_t cancel_request = 80877102;
constexpr std::int32_t ssl_request = 80877103;
constexpr std::int32_t gss_request = 80877104;

/// The four bytes at `at`, most significant first.
std::int32_t read_int32(std::string_view bytes, std::size_t at);

class MessageReader {
 public:
  explicit MessageReader(From from) : typed_(from == From::server) {}

  void add(std::string_view bytes) { buffer_ += bytes; }
  /// The next message that is complete. Throws std::runtime_error at a length that cannot be.
  std::optional<WireMessage> next();
  /// Of a message that is not complete yet.
  std::size_t waiting() const { return buffer_.size(); }

 private:
  std::string buffer_;
  bool typed_;  // a client's first packets have no type byte
};

}  // namespace pgpm::tests
