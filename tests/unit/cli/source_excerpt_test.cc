#include "cli/render/source_excerpt.h"

#include <catch2/catch.hpp>

namespace pgpm::cli {
namespace {

const Style plain{false, 80};

/// The cells in front of the caret and the text above it, from the excerpt's last two lines.
struct Caret {
  std::string shown;
  std::size_t column;
};

Caret caret_of(const std::string& excerpt) {
  const std::size_t caret_end = excerpt.rfind('^');
  const std::size_t caret_line = excerpt.rfind('\n', caret_end) + 1;
  const std::size_t shown_line = excerpt.rfind('\n', caret_line - 2) + 1;
  const std::size_t gutter = excerpt.find("| ", shown_line) + 2 - shown_line;
  return {excerpt.substr(shown_line + gutter, caret_line - 1 - shown_line - gutter),
          caret_end - caret_line - gutter};
}

TEST_CASE("the caret stands under its character") {
  CHECK(source_excerpt({"a.sql", 12, 15}, "SELECT * FROM app.usres;", plain) ==
        "     |\n"
        "  12 | SELECT * FROM app.usres;\n"
        "     |               ^\n");
}

TEST_CASE("tabs, wide and combining characters are counted as they are shown") {
  CHECK(caret_of(source_excerpt({"a.sql", 1, 2}, "\tx", plain)).column == 4);
  CHECK(caret_of(source_excerpt({"a.sql", 1, 4}, "ab\tx", plain)).column == 4);
  CHECK(caret_of(source_excerpt({"a.sql", 1, 3}, "日本x", plain)).column == 4);
  CHECK(caret_of(source_excerpt({"a.sql", 1, 3}, "e\u0301x", plain)).column == 1);
  CHECK(caret_of(source_excerpt({"a.sql", 1, 3}, "größe", plain)).column == 2);
}

TEST_CASE("a line longer than the screen is cut around the caret") {
  const std::string line = std::string(500, 'a') + "X" + std::string(500, 'b');
  const Caret middle = caret_of(source_excerpt({"a.sql", 1, 501}, line, plain));
  REQUIRE(middle.column < middle.shown.size());
  CHECK(middle.shown[middle.column] == 'X');
  CHECK(middle.shown.size() <= 80);
  CHECK(middle.shown.substr(0, 3) == "...");
  CHECK(middle.shown.substr(middle.shown.size() - 3) == "...");
  const Caret start = caret_of(source_excerpt({"a.sql", 1, 1}, line, plain));
  CHECK(start.column == 0);
  CHECK(start.shown.substr(0, 3) == "aaa");
  const Caret end = caret_of(source_excerpt({"a.sql", 1, 1001}, line, plain));
  CHECK(end.shown[end.column] == 'b');
  CHECK(end.shown.back() == 'b');
}

TEST_CASE("every column of a long line of mixed widths has its caret under it") {
  std::string line;
  std::vector<std::string> characters;
  for (int i = 0; i < 120; ++i) {
    characters.push_back(i % 3 == 0 ? "本" : i % 3 == 1 ? "x" : "ö");
    line += characters.back();
  }
  for (std::size_t column = 1; column <= characters.size(); ++column) {
    const Caret caret = caret_of(source_excerpt({"a.sql", 1, column}, line, plain));
    std::string_view rest = caret.shown;
    std::size_t before = 0;
    while (before < caret.column && !rest.empty()) {
      const CodePoint point = first_code_point(rest);
      before += cells(point.value);
      rest.remove_prefix(point.bytes);
    }
    CAPTURE(column, caret.shown, caret.column);
    CHECK(before == caret.column);
    CHECK(rest.substr(0, characters[column - 1].size()) == characters[column - 1]);
  }
}

TEST_CASE("a place behind the end of the line is behind the end") {
  const Caret caret = caret_of(source_excerpt({"a.sql", 1, 10}, "SELECT", plain));
  CHECK(caret.column == 6);
}

TEST_CASE("no line, no excerpt; no column, no caret") {
  CHECK(source_excerpt({"a.sql", 0, 0}, "x", plain).empty());
  CHECK(source_excerpt({"a.sql", 3, 1}, "", plain).empty());
  CHECK(source_excerpt({"a.sql", 3, 0}, "x", plain).find('^') == std::string::npos);
}

TEST_CASE("escape sequences in somebody's file do nothing to the terminal") {
  CHECK(source_excerpt({"a.sql", 1, 1}, "\x1b[2Jx\r", plain).find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace pgpm::cli
