#include "cli/style.h"

#include <catch2/catch.hpp>

#include "cli/render/progress.h"

namespace pgpm::cli {
namespace {

TEST_CASE("widths are terminal cells") {
  CHECK(cells("abc") == 3);
  CHECK(cells("Größe") == 5);
  CHECK(cells("e\u0301") == 1);
  CHECK(cells("日本") == 4);
  CHECK(cells("\U0001F600") == 2);
  CHECK(cells("\xff") == 1);
}

TEST_CASE("cutting and filling count cells") {
  CHECK(clip("schemas/app/tables", 10) == "schemas...");
  CHECK(clip("日本語日本語", 8) == "日本...");
  CHECK(clip("short", 10) == "short");
  CHECK(clip("abcdef", 3) == "abc");
  CHECK(pad("日本", 6) == "日本  ");
  CHECK(pad_left("7", 3) == "  7");
}

TEST_CASE("control characters never reach the terminal") {
  CHECK(printable("a\x1b[31mb\ac") == "a?[31mb?c");
  CHECK(printable("a\tb\nc") == "a\tb\nc");
  CHECK(printable("a\r\nb") == "a\nb");
  CHECK(printable("a\xff\x62") == "a?b");
  CHECK(printable("a\u202eb") == "a?b");
  CHECK(printable("\u009b31m") == "?31m");
}

TEST_CASE("durations read well at every size") {
  CHECK(show_duration(0.0004) == "<1 ms");
  CHECK(show_duration(0.0123) == "12 ms");
  CHECK(show_duration(0.9999) == "1.00 s");
  CHECK(show_duration(1.234) == "1.23 s");
  CHECK(show_duration(59.999) == "1 min 00 s");
  CHECK(show_duration(125.2) == "2 min 05 s");
  CHECK(show_duration(3720) == "1 h 02 min");
}

TEST_CASE("points in time are shown to the second") {
  CHECK(show_time("2026-01-02T03:04:05.678901Z") == "2026-01-02 03:04:05 UTC");
  CHECK(show_time("2026-01-02 03:04:05+00") == "2026-01-02 03:04:05+00");
  CHECK(show_time("").empty());
}

TEST_CASE("text is wrapped at blanks") {
  CHECK(wrap("one two three", 9, "  ") == "  one two\n  three");
  CHECK(wrap("unbreakable", 4, "") == "unbreakable");
  CHECK(wrap("", 4, "  ").empty());
}

TEST_CASE("the progress line always fits into the terminal") {
  ProgressState state;
  state.index = 3;
  state.total = 12;
  state.module = "app";
  state.change = "schemas/app/tables/users";
  CHECK(show_progress(state, 1.23, Style{false, 80}) ==
        "[ 3/12] app  schemas/app/tables/users  1.2 s");
  CHECK(show_progress(state, 83, Style{false, 80}) ==
        "[ 3/12] app  schemas/app/tables/users  1 min 23 s");
  state.module = "модуль-с-длинным-именем";
  state.change = "日本語日本語日本語日本語日本語日本語日本語";
  for (std::size_t width = 20; width < 100; ++width) {
    CAPTURE(width);
    CHECK(cells(show_progress(state, 1.23, Style{false, width})) < width);
  }
}

TEST_CASE("colours are only written when wanted") {
  CHECK(Style{false, 80}.red("x") == "x");
  CHECK(Style{true, 80}.red("x") == "\x1b[31mx\x1b[0m");
  CHECK(Style{true, 80}.red("").empty());
}

}  // namespace
}  // namespace pgpm::cli
