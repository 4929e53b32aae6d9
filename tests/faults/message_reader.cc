#include "tests/faults/message_reader.h"

#include <stdexcept>

namespace pgpm::tests {

std::int32_t read_int32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(at, 4)) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int32_t>(value);
}

std::optional<WireMessage> MessageReader::next() {
  const std::size_t before = typed_ ? 1 : 0;
  if (buffer_.size() < before + 4) return std::nullopt;
  const std::int32_t length = read_int32(buffer_, before);
  // The length counts itself; a packet without a type has a code behind it.
  if (length < (typed_ ? 4 : 8)) throw std::runtime_error("not a message of protocol 3");
  const std::size_t size = before + static_cast<std::size_t>(length);
  if (buffer_.size() < size) return std::nullopt;
  WireMessage message;
  message.bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  if (typed_) {
    message.type = message.bytes[0];
    return message;
  }
  message.code = read_int32(message.bytes, 4);
  const bool asks_again = message.code == ssl_request || message.code == gss_request;
  typed_ = !asks_again;
  return message;
}

}  // namespace pgpm::tests
