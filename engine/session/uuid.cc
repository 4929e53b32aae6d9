#include "engine/session/uuid.h"

#include "engine/text/ascii.h"
#include "engine/text/digest.h"

namespace pgpm {

namespace {

bool is_hyphen_place(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

std::string with_hyphens(std::string_view digits) {
  std::string uuid;
  for (const char c : digits) {
    if (is_hyphen_place(uuid.size())) uuid += '-';
    uuid += to_lower(c);
  }
  return uuid;
}

}  // namespace

std::optional<std::string> parse_uuid(std::string_view text) {
  if (istarts_with(text, "urn:uuid:")) text.remove_prefix(9);
  if (text.size() == 38 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, text.size() - 2);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.size() == 36 && is_hyphen_place(i)) {
      if (text[i] != '-') return std::nullopt;
    } else if (hex_value(text[i]) >= 0) {
      digits += text[i];
    } else {
      return std::nullopt;
    }
  }
  if (digits.size() != 32) return std::nullopt;
  return with_hyphens(digits);
}

std::string path_uuid(std::string_view path) {
  return with_hyphens(md5_hex(path));
}

}  // namespace pgpm
