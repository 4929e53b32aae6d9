// Character widths follow UAX #11 in coarse blocks: what a database script can contain, not every
// corner of Unicode.
#include "cli/style.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "pgpm/target.h"

namespace pgpm::cli {

namespace {
using Range = std::pair<char32_t, char32_t>;

constexpr Range zero_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0900, 0x0902},   {0x093C, 0x093C}, {0x0941, 0x0948}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x2064},   {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};
constexpr Range double_width[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x2705, 0x2705},
    {0x274C, 0x274C},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t value) {
  return std::any_of(std::begin(ranges), std::end(ranges), [=](const Range& range) {
    return value >= range.first && value <= range.second;
  });
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}
}  // namespace

std::string Style::paint(const char* code, std::string_view text) const {
  if (!colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

CodePoint first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = sequence_length(lead);
  if (length == 1) return {lead, 1};
  if (length == 0 || text.size() < length) return {0xFFFD, 1};
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {0xFFFD, 1};
    value = (value << 6U) | (next & 0x3FU);
  }
  return {value, length};
}

std::size_t cells(char32_t code_point) {
  if (code_point < 0x300) return 1;
  if (is_in(zero_width, code_point)) return 0;
  return is_in(double_width, code_point) ? 2 : 1;
}

std::size_t cells(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    sum += cells(point.value);
    text.remove_prefix(point.bytes);
  }
  return sum;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const bool is_control = (point.value < 0x20 && point.value != '\n' && point.value != '\t') ||
                            (point.value >= 0x7F && point.value < 0xA0);
    // Bidirectional overrides could make a line read as something it is not.
    const bool is_override = point.value >= 0x202A && point.value <= 0x202E;
    if (point.value == '\r' && text.size() > 1 && text[1] == '\n')
      ;  // CRLF is a line end
    else if (is_control || is_override || point.value == 0xFFFD)
      shown += '?';
    else
      shown += text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
  }
  return shown;
}

std::string clean(std::string_view text) {
  return printable(redact(std::string(text)));
}

std::string clip(std::string_view text, std::size_t width) {
  if (cells(text) <= width) return std::string(text);
  const std::string_view mark = width >= 6 ? "..." : "";
  std::string kept;
  std::size_t used = mark.size();
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    used += cells(point.value);
    if (used > width) break;
    kept += text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
  }
  return kept.append(mark);
}

std::string pad(std::string_view text, std::size_t width) {
  const std::size_t used = cells(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = cells(text);
  return std::string(used < width ? width - used : 0, ' ') + std::string(text);
}

std::string wrap(std::string_view text, std::size_t width, std::string_view indent) {
  std::string wrapped;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t size = cells(word);
    if (used != 0 && used + 1 + size <= width) {
      wrapped += ' ';
      used += 1 + size;
    } else {
      if (used != 0) wrapped += '\n';
      wrapped += indent;
      used = indent.size() + size;
    }
    wrapped += word;
  }
  return wrapped;
}

std::string show_duration(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (seconds < 0.0005) return "<1 ms";
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 59.995) return fmt::format("{:.2f} s", seconds);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string show_time(std::string_view iso) {
  constexpr std::size_t to_seconds = 19;
  const bool is_utc = iso.size() > to_seconds && iso[10] == 'T' && iso.back() == 'Z';
  if (!is_utc) return std::string(iso);
  std::string text(iso.substr(0, to_seconds));
  text[10] = ' ';
  return text + " UTC";
}

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace pgpm::cli
