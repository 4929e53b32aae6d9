// Two scripts have the same fingerprint when they differ only in comments, white space or keyword
// case. SHA-256 over the token stream: unquoted words in lower case, everything else as written,
// single separators.
#pragma once

#include <string>
#include <string_view>

namespace pgpm::sql {

/// 64 lower-case hex digits. Works on any bytes, also on SQL that does not parse.
std::string fingerprint(std::string_view sql);

}  // namespace pgpm::sql
