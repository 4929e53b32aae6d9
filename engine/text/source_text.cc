#include "engine/text/source_text.h"

#include <algorithm>
#include <utility>

#include "engine/text/utf8.h"

namespace pgpm {
namespace {

// One count per block instead of one offset per line: a COPY dump of 200 MB has millions of lines.
constexpr std::size_t block_size = std::size_t{64} * 1024;

std::size_t count_line_ends(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

SourceText::SourceText(std::string file, std::string bytes)
    : file_(std::move(file)), bytes_(std::move(bytes)) {}

const std::vector<std::size_t>& SourceText::line_counts() const {
  if (!line_counts_.empty()) return line_counts_;
  std::size_t lines = 0;
  for (std::size_t at = 0; at <= bytes_.size(); at += block_size) {
    line_counts_.push_back(lines);
    lines += count_line_ends(bytes().substr(at, block_size));
  }
  return line_counts_;
}

std::size_t SourceText::line_start(std::size_t offset) const {
  if (offset != 0) {
    const std::size_t line_end = bytes_.rfind('\n', offset - 1);
    if (line_end != std::string::npos) return line_end + 1;
  }
  return std::min(byte_order_mark(bytes_), bytes_.size());
}

SourceLocation SourceText::location(std::size_t offset) const {
  offset = std::min(offset, bytes_.size());
  const std::size_t block = offset / block_size;
  const std::size_t block_begin = block * block_size;
  const std::size_t line_ends_before =
      line_counts()[block] + count_line_ends(bytes().substr(block_begin, offset - block_begin));
  const std::size_t start = line_start(offset);
  const std::size_t length = offset > start ? offset - start : 0;
  return {file_, line_ends_before + 1, count_characters(bytes().substr(start, length)) + 1};
}

std::string_view SourceText::line_at(std::size_t offset) const {
  const std::size_t start = line_start(std::min(offset, bytes_.size()));
  const std::size_t end = std::min(bytes_.find('\n', start), bytes_.size());
  std::string_view line = bytes().substr(start, end - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::size_t SourceText::offset_of_character(std::size_t character, std::size_t from) const {
  for (std::size_t at = from; at < bytes_.size(); ++at) {
    const bool starts_character = (static_cast<unsigned char>(bytes_[at]) & 0xC0U) != 0x80;
    if (!starts_character) continue;
    if (character == 0) return at;
    --character;
  }
  return bytes_.size();
}

}  // namespace pgpm
