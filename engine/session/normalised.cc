#include "engine/session/normalised.h"

#include <algorithm>
#include <array>

#include "engine/session/text_regions.h"
#include "engine/text/ascii.h"
#include "engine/text/digest.h"

namespace pgpm {

namespace {

/// Length of the white space character that starts the text: Unicode's White_Space, 0 if none.
std::size_t white_space(std::string_view text) {
  if (is_space(text.front())) return 1;
  for (const std::string_view two : {"\xC2\x85", "\xC2\xA0"})
    if (text.starts_with(two)) return 2;
  for (const std::string_view three : {"\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                       "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"})
    if (text.starts_with(three)) return 3;
  const bool is_width = text.size() > 2 && text.starts_with("\xE2\x80") &&
                        static_cast<unsigned char>(text[2]) >= 0x80 &&
                        static_cast<unsigned char>(text[2]) <= 0x8A;
  return is_width ? 3 : 0;  // U+2000 to U+200A
}

/// Which bytes a white space character can begin with: most begin none, and are passed over in
/// runs.
constexpr std::array<bool, 256> blank_beginnings() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("\t\n\v\f\r \xC2\xE1\xE2\xE3"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> may_begin_blank = blank_beginnings();

std::string with_single_blanks(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  bool pending = false;
  while (!text.empty()) {
    if (const std::size_t length = white_space(text)) {
      pending = !result.empty();
      text.remove_prefix(length);
      continue;
    }
    std::size_t run = 1;
    while (run < text.size() && !may_begin_blank[static_cast<unsigned char>(text[run])]) ++run;
    if (pending) result += ' ';
    pending = false;
    result += text.substr(0, run);
    text.remove_prefix(run);
  }
  return result;
}

}  // namespace

std::string normalised_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const TextRegion& region : text_regions(text)) {
    const std::string_view part = text.substr(region.begin, region.end - region.begin);
    switch (region.kind) {
      case TextRegion::Kind::line_comment:
      case TextRegion::Kind::block_comment:
        result += ' ';
        break;
      case TextRegion::Kind::quoted:
        result += part;
        break;
      case TextRegion::Kind::code:
        result += part;
        std::transform(part.begin(), part.end(),
                       result.end() - static_cast<std::ptrdiff_t>(part.size()), to_lower);
        break;
    }
  }
  return with_single_blanks(result);
}

std::string normalised_checksum(std::string_view text) {
  return sha256_hex(normalised_text(text));
}

}  // namespace pgpm
