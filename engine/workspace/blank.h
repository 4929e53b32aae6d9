// What separates words on a plan line: ASCII blanks and every Unicode space either JavaScript or
// Perl calls one.
#pragma once

#include <cstddef>
#include <string_view>

namespace pgpm {

/// Bytes of the blank character at `at`: 0 if there is none.
std::size_t blank_at(std::string_view text, std::size_t at);
/// Offset of the first byte from `at` on that is not part of a blank (of a word); the size if there
/// is none.
std::size_t skip_blanks(std::string_view text, std::size_t at);
std::size_t skip_word(std::string_view text, std::size_t at);
/// Without blanks at both ends; a view into `text`.
std::string_view trim_blanks(std::string_view text);

}  // namespace pgpm
