#include "engine/workspace/blank.h"

#include <cstdint>

namespace pgpm {
namespace {

constexpr bool is_wide_blank(std::uint32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::uint32_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

}  // namespace

std::size_t blank_at(std::string_view text, std::size_t at) {
  const std::uint32_t first = byte_at(text, at);
  if (first < 0x80) return first == ' ' || (first >= '\t' && first <= '\r') ? 1 : 0;
  const std::uint32_t second = byte_at(text, at + 1) & 0x3FU;
  if (first == 0xC2) return is_wide_blank(0x80U | second) ? 2 : 0;
  // Every other blank is three bytes long and starts with one of these.
  if (first != 0xE1 && first != 0xE2 && first != 0xE3 && first != 0xEF) return 0;
  const std::uint32_t third = byte_at(text, at + 2) & 0x3FU;
  return at + 2 < text.size() && is_wide_blank((first & 0x0FU) << 12U | second << 6U | third) ? 3
                                                                                              : 0;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (const std::size_t length = blank_at(text, at)) at += length;
  return at;
}

std::size_t skip_word(std::string_view text, std::size_t at) {
  while (at < text.size() && blank_at(text, at) == 0) ++at;
  return at;
}

std::string_view trim_blanks(std::string_view text) {
  text.remove_prefix(skip_blanks(text, 0));
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (byte_at(text, last) & 0xC0U) == 0x80U) --last;
    if (last + blank_at(text, last) != text.size()) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

}  // namespace pgpm
