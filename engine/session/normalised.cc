#include "engine/session/normalised.h"

#include <array>
#include <utility>

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

using ByteMap = std::array<char, 256>;

constexpr ByteMap byte_map(char (*image)(char)) {
  ByteMap map{};
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = image(static_cast<char>(i));
  return map;
}
constexpr char itself(char c) {
  return c;
}
constexpr ByteMap as_written = byte_map(itself), in_lower_case = byte_map(to_lower);

/// Takes a text in pieces, and makes one blank of all white space between others, none at the ends.
/// One pass, byte by byte: every file of a project goes through it before anything else happens.
class SingleBlanks {
 public:
  /// `most` is the size of all pieces together.
  explicit SingleBlanks(std::size_t most) : result_(most, '\0') {}

  void add(std::string_view text, const ByteMap& map) {
    char* out = result_.data() + size_;
    while (!text.empty()) {
      const bool may_be_blank = may_begin_blank[static_cast<unsigned char>(text.front())];
      if (const std::size_t length = may_be_blank ? white_space(text) : 0; length > 0) {
        pending_ = out != result_.data();
        text.remove_prefix(length);
        continue;
      }
      if (pending_) *out++ = ' ';
      pending_ = false;
      std::size_t run = 0;
      do {
        *out++ = map[static_cast<unsigned char>(text[run])];
      } while (++run < text.size() && !may_begin_blank[static_cast<unsigned char>(text[run])]);
      text.remove_prefix(run);
    }
    size_ = static_cast<std::size_t>(out - result_.data());
  }

  std::string take() {
    result_.resize(size_);
    return std::move(result_);
  }

 private:
  std::string result_;
  std::size_t size_ = 0;
  bool pending_ = false;
};

}  // namespace

std::string normalised_text(std::string_view text) {
  SingleBlanks result(text.size());
  for (const TextRegion& region : text_regions(text)) {
    const std::string_view part = text.substr(region.begin, region.end - region.begin);
    switch (region.kind) {
      case TextRegion::Kind::line_comment:
      case TextRegion::Kind::block_comment:
        result.add(" ", as_written);
        break;
      case TextRegion::Kind::quoted:
        result.add(part, as_written);
        break;
      case TextRegion::Kind::code:
        result.add(part, in_lower_case);
        break;
    }
  }
  return result.take();
}

std::string normalised_checksum(std::string_view text) {
  return sha256_hex(normalised_text(text));
}

}  // namespace pgpm
