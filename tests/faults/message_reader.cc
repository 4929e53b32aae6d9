#include "tests/faults/message_reader.h"

namespace pgpm::faults {

namespace {

unsigned big_endian(std::string_view bytes) {
  unsigned value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

int WireMessage::code() const {
  return bytes.size() < 8 ? 0 : static_cast<int>(big_endian(bytes.substr(4)));
}

std::size_t MessageReader::size_of_first() const {
  const std::size_t head = typed_ ? 1 : 0;
  if (pending_.size() < head + 4) return 0;
  return head + big_endian(std::string_view(pending_).substr(head));
}

void MessageReader::feed(std::string_view bytes,
                         const std::function<void(const WireMessage&)>& each) {
  pending_ += bytes;
  for (std::size_t size = size_of_first(); size != 0 && pending_.size() >= size;
       size = size_of_first()) {
    const std::string whole = pending_.substr(0, size);
    pending_.erase(0, size);
    const WireMessage message{typed_ ? whole[0] : '\0', whole};
    const bool is_request = message.code() == ssl_request || message.code() == gss_request;
    if (!typed_ && !is_request) typed_ = true;
    each(message);
  }
}

}  // namespace pgpm::faults
