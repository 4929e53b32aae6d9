// Colours, widths and cutting of text for people. Widths are terminal cells: East Asian wide
// characters take two, combining marks none. Knows nothing of streams. No C locale is consulted:
// all text is UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pgpm::cli {

/// How to write on one stream.
struct Style {
  bool colour = false;
  std::size_t width = 100;  ///< columns

  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string strong_red(std::string_view text) const { return paint("1;31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string cyan(std::string_view text) const { return paint("36", text); }

 private:
  std::string paint(const char* code, std::string_view text) const;
};

/// One code point read from the front of `text`; invalid bytes count as U+FFFD of length 1.
struct CodePoint {
  char32_t value;
  std::size_t bytes;
};
CodePoint first_code_point(std::string_view text);
std::size_t cells(char32_t code_point);
/// Cells of a text without escape sequences and control characters.
std::size_t cells(std::string_view text);
/// Text that does no harm on a terminal: control characters except newline and tab become '?'.
std::string printable(std::string_view text);
/// The same without passwords: for what others wrote, as servers and files.
std::string clean(std::string_view text);
/// Cut at the end to at most `width` cells, "..." marking the cut.
std::string clip(std::string_view text, std::size_t width);
/// Filled with blanks up to `width` cells.
std::string pad(std::string_view text, std::size_t width);
/// Filled with blanks in front.
std::string pad_left(std::string_view text, std::size_t width);
/// Lines of at most `width` cells, each with `indent` in front; breaks at blanks only.
std::string wrap(std::string_view text, std::size_t width, std::string_view indent);

/// "<1 ms", "12 ms", "1.23 s", "2 min 05 s", "1 h 02 min".
std::string show_duration(double seconds);
/// A point in time of the ledger ("2026-01-02T03:04:05.678901Z") as people read it ("2026-01-02
/// 03:04:05 UTC").
std::string show_time(std::string_view iso);
/// "1 change", "2 changes".
std::string count(std::size_t number, std::string_view noun);

}  // namespace pgpm::cli
