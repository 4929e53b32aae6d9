// A text and the ways to point into it. Servers count characters, editors show lines and columns,
// C++ counts bytes: this is the one place that converts. Must not know what the text means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

/// Owns UTF-8 text. Offsets are bytes from 0; lines and columns are from 1; columns and
/// "characters" are code points. A byte order mark belongs to the bytes, but is no column and not
/// part of line 1, as editors see it. An index of lines is built on first use. Immutable apart from
/// that; not for sharing between threads.
class SourceText {
 public:
  SourceText() = default;
  SourceText(std::string file, std::string bytes);

  const std::string& file() const { return file_; }
  std::string_view bytes() const { return bytes_; }

  /// An offset beyond the end means the end.
  SourceLocation location(std::size_t offset) const;
  /// The line around an offset, without its line end.
  std::string_view line_at(std::size_t offset) const;
  /// Byte offset of the `character`th code point (0-based) counted from byte `from`; the size if
  /// beyond the end.
  std::size_t offset_of_character(std::size_t character, std::size_t from = 0) const;

 private:
  const std::vector<std::size_t>& line_counts() const;
  std::size_t line_start(std::size_t offset) const;
  std::string file_;
  std::string bytes_;
  mutable std::vector<std::size_t> line_counts_;  // line ends before each block of the text
};

}  // namespace pgpm
