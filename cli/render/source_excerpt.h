// A line of somebody's file with a caret under the place a message is about.
#pragma once

#include <string>
#include <string_view>

#include "cli/style.h"
#include "pgpm/error.h"

namespace pgpm::cli {

/// Three lines, each indented:
///      |
///   12 | SELECT * FROM app.usres;
///      |               ^
/// Tabs become blanks, wide characters are counted as two cells, and a line longer than the style's
/// width is cut around the caret. "" if there is no line to show. Without a column there is no
/// caret.
std::string source_excerpt(const SourceLocation& where, std::string_view source_line,
                           const Style& style);

}  // namespace pgpm::cli
