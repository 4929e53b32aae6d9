#include "engine/text/utf8.h"

#include <cstdint>
#include <cstring>

namespace pgpm {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// Eight bytes that are all ASCII and none of them NUL: nearly all of a script.
bool plain_word(const char* bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  constexpr std::uint64_t ones = 0x0101010101010101U;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return ((word | (word - ones)) & high_bits) == 0;
}

/// What a leading byte promises: how long the character is, and between what its second byte must
/// lie (which is what rules out overlong forms, surrogates and everything past U+10FFFF). Length 0
/// if it cannot lead.
struct Lead {
  std::size_t length = 0;
  unsigned second_min = 0x80, second_max = 0xBF;
};

Lead lead_of(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

/// Length of the character at `at`, which is not ASCII; 0 if it is not valid.
std::size_t multibyte_length(std::string_view bytes, std::size_t at) {
  const Lead lead = lead_of(byte_at(bytes, at));
  if (lead.length == 0 || bytes.size() - at < lead.length) return 0;
  const unsigned second = byte_at(bytes, at + 1);
  if (second < lead.second_min || second > lead.second_max) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((byte_at(bytes, at + i) & 0xC0U) != 0x80) return 0;
  }
  return lead.length;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at >= 8 && plain_word(bytes.data() + at)) {
      at += 8;
      continue;
    }
    const unsigned byte = byte_at(bytes, at);
    if (byte == 0) return at;
    const std::size_t length = byte < 0x80 ? 1 : multibyte_length(bytes, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::size_t count_characters(std::string_view valid_utf8) {
  std::size_t count = 0;
  for (const char c : valid_utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  return count;
}

std::size_t byte_order_mark(std::string_view bytes) {
  return bytes.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
}

}  // namespace pgpm
