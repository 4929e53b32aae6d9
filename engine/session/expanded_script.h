// deploy.sql with its macros replaced by what they stand for, and the way back from a place in it
// to the author's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/session/test_macro.h"
#include "engine/text/source_text.h"

namespace pgpm {

class ExpandedScript {
 public:
  /// One text for each macro. A byte order mark is blanked out.
  ExpandedScript(const SourceText& source, const std::vector<TestMacro>& macros,
                 const std::vector<std::string>& texts);

  std::string_view text() const { return text_; }
  /// Of a byte of text(). Inside an expansion it is where the macro begins.
  std::size_t source_offset(std::size_t offset) const;

 private:
  struct Piece {
    std::size_t begin;   // in text_
    std::size_t source;  // of its first byte
    bool is_copy;
  };
  void add(std::string_view text, std::size_t source, bool is_copy);

  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace pgpm
