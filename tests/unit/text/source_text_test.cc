#include "engine/text/source_text.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {
namespace {

std::string at(const SourceText& text, std::size_t offset) {
  return text.location(offset).to_string();
}

}  // namespace

TEST_CASE("Offsets become lines and columns of characters", "[text]") {
  const SourceText text("f.sql", "ab\ncé馬x\n\nlast");
  CHECK(at(text, 0) == "f.sql:1:1");
  CHECK(at(text, 1) == "f.sql:1:2");
  CHECK(at(text, 2) == "f.sql:1:3");  // the line end belongs to its line
  CHECK(at(text, 3) == "f.sql:2:1");
  CHECK(at(text, 4) == "f.sql:2:2");
  CHECK(at(text, 6) == "f.sql:2:3");  // behind é
  CHECK(at(text, 9) == "f.sql:2:4");  // behind 馬
  CHECK(at(text, 11) == "f.sql:3:1");
  CHECK(at(text, 12) == "f.sql:4:1");
  CHECK(at(text, 16) == "f.sql:4:5");
  CHECK(at(text, 99) == "f.sql:4:5");
}

TEST_CASE("Lines are shown without their ends", "[text]") {
  const SourceText text("f", "one\r\n\r\nthree\n");
  CHECK(text.line_at(0) == "one");
  CHECK(text.line_at(3) == "one");
  CHECK(text.line_at(4) == "one");
  CHECK(text.line_at(5).empty());
  CHECK(text.line_at(9) == "three");
  CHECK(text.line_at(13).empty());
  CHECK(text.line_at(99).empty());
  CHECK(at(text, 7) == "f:3:1");
}

TEST_CASE("A byte order mark is no column", "[text]") {
  const SourceText text("f", "\xEF\xBB\xBFSELECT\nx");
  CHECK(at(text, 0) == "f:1:1");
  CHECK(at(text, 3) == "f:1:1");
  CHECK(at(text, 4) == "f:1:2");
  CHECK(at(text, 10) == "f:2:1");
  CHECK(text.line_at(0) == "SELECT");
  CHECK(text.line_at(5) == "SELECT");
}

TEST_CASE("Empty texts have a first line", "[text]") {
  const SourceText nothing;
  CHECK(nothing.location(0) == SourceLocation{"", 1, 1});
  CHECK(nothing.line_at(0).empty());
  const SourceText mark("f", "\xEF\xBB\xBF");
  CHECK(at(mark, 3) == "f:1:1");
  CHECK(mark.line_at(3).empty());
}

TEST_CASE("Characters are found again as bytes", "[text]") {
  const SourceText text("f", "aé馬🐎z");
  CHECK(text.offset_of_character(0) == 0);
  CHECK(text.offset_of_character(1) == 1);
  CHECK(text.offset_of_character(2) == 3);
  CHECK(text.offset_of_character(3) == 6);
  CHECK(text.offset_of_character(4) == 10);
  CHECK(text.offset_of_character(5) == 11);
  CHECK(text.offset_of_character(500) == 11);
  CHECK(text.offset_of_character(1, 3) == 6);
  CHECK(text.offset_of_character(0, 11) == 11);
}

TEST_CASE("Places far into a long text agree with counting from the start", "[text]") {
  std::string bytes;
  for (unsigned line = 0; bytes.size() < 300000; ++line)
    bytes += std::string(line % 90U, 'x') + "é\n";
  const SourceText text("f", bytes);
  std::size_t line = 1, column = 0;
  for (std::size_t offset = 0; offset < bytes.size(); ++offset) {
    if ((static_cast<unsigned char>(bytes[offset]) & 0xC0U) == 0x80) continue;  // inside é
    ++column;
    if (offset % 97 == 0 || offset % 65536 < 3 || offset % 65536 > 65533) {
      REQUIRE(text.location(offset) == SourceLocation{"f", line, column});
    }
    if (bytes[offset] != '\n') continue;
    ++line;
    column = 0;
  }
}

}  // namespace pgpm::tests
