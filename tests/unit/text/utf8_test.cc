#include "engine/text/utf8.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {
namespace {

using std::string_view_literals::operator""sv;

std::string encode(unsigned code_point) {
  const auto byte = [](unsigned value) { return static_cast<char>(value); };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xC0 | (code_point >> 6)), byte(0x80 | (code_point & 0x3F))};
  if (code_point < 0x10000) {
    return {byte(0xE0 | (code_point >> 12)), byte(0x80 | ((code_point >> 6) & 0x3F)),
            byte(0x80 | (code_point & 0x3F))};
  }
  return {byte(0xF0 | (code_point >> 18)), byte(0x80 | ((code_point >> 12) & 0x3F)),
          byte(0x80 | ((code_point >> 6) & 0x3F)), byte(0x80 | (code_point & 0x3F))};
}

}  // namespace

TEST_CASE("Every code point but NUL and the surrogates is valid", "[text]") {
  std::size_t wrong = 0;
  for (unsigned code_point = 1; code_point <= 0x10FFFF; ++code_point) {
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (find_invalid_utf8(encode(code_point)).has_value() != surrogate) ++wrong;
    if (!surrogate && count_characters(encode(code_point)) != 1) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("The first invalid byte is found", "[text]") {
  struct Case {
    std::string_view bytes;
    std::size_t offset;
  };
  const Case cases[] = {
      {"\x80"sv, 0},              // a continuation by itself
      {"ab\xC3"sv, 2},            // cut short at the end
      {"ab\xE2\x82"sv, 2},        //
      {"\xF0\x9F\x98"sv, 0},      //
      {"a\xC3("sv, 1},            // a leading byte without its continuation
      {"\xC0\x80"sv, 0},          // overlong NUL
      {"\xC1\xBF"sv, 0},          // overlong
      {"\xE0\x9F\xBF"sv, 0},      // overlong
      {"\xF0\x8F\xBF\xBF"sv, 0},  // overlong
      {"\xED\xA0\x80"sv, 0},      // surrogate
      {"\xF4\x90\x80\x80"sv, 0},  // beyond U+10FFFF
      {"\xF5\x80\x80\x80"sv, 0},  //
      {"\xFF\xFEs\0"sv, 0},       // UTF-16
      {"12345678\0"sv, 8},        // NUL behind a whole word
      {"1234567\0"
       "9abcdef"sv,
       7},                                   // NUL in a word
      {"0123456789abcde\xE9 latin1"sv, 15},  // Latin-1 behind plain text
      {"\xE2\x82\xAC 0123456789\xC3"sv, 14},
  };
  for (const Case& c : cases) {
    CAPTURE(c.bytes, c.offset);
    CHECK(find_invalid_utf8(c.bytes) == c.offset);
  }
}

TEST_CASE("Valid text has no invalid byte", "[text]") {
  CHECK_FALSE(find_invalid_utf8("").has_value());
  CHECK_FALSE(find_invalid_utf8("plain ASCII of some length\t\r\n\x7F").has_value());
  CHECK_FALSE(find_invalid_utf8("\xEF\xBB\xBFžluťoučký kůň 馬 🐎").has_value());
}

TEST_CASE("Characters are code points", "[text]") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("abc") == 3);
  CHECK(count_characters("é馬🐎") == 3);
  CHECK(count_characters("e\xCC\x81") == 2);
}

TEST_CASE("A byte order mark counts only at the start", "[text]") {
  CHECK(byte_order_mark("\xEF\xBB\xBF") == 3);
  CHECK(byte_order_mark("\xEF\xBB\xBFx") == 3);
  CHECK(byte_order_mark("x\xEF\xBB\xBF") == 0);
  CHECK(byte_order_mark("\xEF\xBB") == 0);
  CHECK(byte_order_mark("") == 0);
}

}  // namespace pgpm::tests
