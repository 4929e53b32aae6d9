#include "engine/text/ascii.h"

#include <catch2/catch.hpp>

namespace pgpm::tests {

TEST_CASE("ASCII classes hold for all 256 bytes", "[text]") {
  for (int value = 0; value < 256; ++value) {
    const char c = static_cast<char>(value);
    CAPTURE(value);
    CHECK(is_space(c) == (value == 32 || (value >= 9 && value <= 13)));
    CHECK(is_blank(c) == (value == 32 || value == 9));
    CHECK(is_digit(c) == (value >= '0' && value <= '9'));
    CHECK(is_alpha(c) == ((value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z')));
    CHECK(is_high(c) == (value > 127));
    CHECK(to_lower(c) == (value >= 'A' && value <= 'Z' ? static_cast<char>(value + 32) : c));
  }
}

TEST_CASE("Case is folded for ASCII only", "[text]") {
  CHECK(iequals("SeLeCt", "select"));
  CHECK_FALSE(iequals("select", "selects"));
  CHECK_FALSE(iequals("É", "é"));
  CHECK_FALSE(iequals("[", "{"));
  CHECK(istarts_with("COMMIT;", "commit"));
  CHECK_FALSE(istarts_with("COM", "commit"));
  CHECK(lower_case("ÄBC_1") == "Äbc_1");
}

TEST_CASE("Trimming takes white space off the ends only", "[text]") {
  CHECK(trim(" \t\r\n a b \v\f") == "a b");
  CHECK(trim(" \n ").empty());
  CHECK(trim("").empty());
  CHECK(trim_left("  x ") == "x ");
  CHECK(trim_right("  x ") == "  x");
  CHECK(trim("\xC2\xA0x") == "\xC2\xA0x");
}

TEST_CASE("Hexadecimal digits", "[text]") {
  CHECK(hex_value('0') == 0);
  CHECK(hex_value('9') == 9);
  CHECK(hex_value('a') == 10);
  CHECK(hex_value('F') == 15);
  CHECK(hex_value('g') == -1);
  CHECK(hex_value('\xE9') == -1);
}

}  // namespace pgpm::tests
