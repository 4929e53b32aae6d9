// SQL text cut into code, comments and quoted parts, for whoever looks into comments or past
// literals. Follows the rules that checksums of session projects are defined by, which are
// PostgreSQL's for ordinary files; any bytes are accepted, also of files that are not SQL.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace pgpm {

struct TextRegion {
  enum class Kind {
    code,
    line_comment,   ///< without its line end
    block_comment,  ///< nested ones inside
    quoted,         ///< '...', "...", $tag$...$tag$, with their delimiters
  };
  Kind kind = Kind::code;
  std::size_t begin = 0, end = 0;
};

/// Without gaps, from the first byte to the last. What is not closed reaches to the end.
std::vector<TextRegion> text_regions(std::string_view text);

}  // namespace pgpm
