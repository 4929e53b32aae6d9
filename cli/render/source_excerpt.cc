#include "cli/render/source_excerpt.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace pgpm::cli {

namespace {
constexpr std::size_t tab_width = 4;

/// A character as it is shown, and how many cells it takes.
struct Glyph {
  std::string text;
  std::size_t cells;
};

std::vector<Glyph> glyphs_of(std::string_view line) {
  std::vector<Glyph> glyphs;
  std::size_t column = 0;
  while (!line.empty()) {
    const CodePoint point = first_code_point(line);
    Glyph glyph{printable(line.substr(0, point.bytes)), cells(point.value)};
    if (point.value == '\t') {
      const std::size_t blanks = tab_width - column % tab_width;
      glyph = Glyph{std::string(blanks, ' '), blanks};
    }
    column += glyph.cells;
    glyphs.push_back(std::move(glyph));
    line.remove_prefix(point.bytes);
  }
  return glyphs;
}

struct Window {
  std::string text;
  std::size_t caret = 0;  ///< cells in front of it
};

/// The part of the line around the caret that fits into `width` cells.
Window cut(const std::vector<Glyph>& glyphs, std::size_t caret, std::size_t width) {
  std::size_t total = 0, before = 0;
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    total += glyphs[i].cells;
    if (i < caret) before += glyphs[i].cells;
  }
  const bool fits = total <= width;
  std::size_t skip = 0;
  if (!fits && before > width * 2 / 3) skip = before - width / 2;
  Window window;
  std::size_t at = 0, used = 0;
  if (skip > 0) {
    window.text = "...";
    used = 3;
  }
  bool is_cut = false;
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    if (i == caret) window.caret = used;
    const std::size_t start = at;
    at += glyphs[i].cells;
    if (start < skip) continue;
    if (!fits && used + glyphs[i].cells + 3 > width) {
      is_cut = true;
      break;
    }
    window.text += glyphs[i].text;
    used += glyphs[i].cells;
  }
  if (caret >= glyphs.size()) window.caret = used;  // just behind the end of the line
  if (is_cut) window.text += "...";
  return window;
}
}  // namespace

std::string source_excerpt(const SourceLocation& where, std::string_view source_line,
                           const Style& style) {
  if (where.line == 0 || source_line.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return "";
  while (!source_line.empty() && (source_line.back() == '\r' || source_line.back() == '\n'))
    source_line.remove_suffix(1);
  const std::string number = std::to_string(where.line);
  const std::string gutter = std::string(number.size() + 3, ' ') + style.dim("|");
  const std::size_t taken = number.size() + 6;
  const std::size_t width =
      std::max<std::size_t>(style.width > taken ? style.width - taken : 0, 24);
  const std::size_t caret = where.column == 0 ? 0 : where.column - 1;
  const Window window = cut(glyphs_of(source_line), caret, width);
  std::string text =
      fmt::format("{}\n  {} {} {}\n", gutter, style.dim(number), style.dim("|"), window.text);
  if (where.column != 0)
    text += fmt::format("{} {}{}\n", gutter, std::string(window.caret, ' '), style.strong_red("^"));
  return text;
}

}  // namespace pgpm::cli
