// A file's text as pgmi's checksum sees it: comments, layout and the case of keywords do not
// matter, what is quoted does (but for its white space).
#pragma once

#include <string>
#include <string_view>

namespace pgpm {

std::string normalised_text(std::string_view text);
/// SHA-256 of it, 64 lower-case hexadecimal digits.
std::string normalised_checksum(std::string_view text);

}  // namespace pgpm
