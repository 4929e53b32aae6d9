// The one place where names and values become SQL text. Identifiers are always quoted; literals use
// '...' with quotes doubled, and E'...' when there is a backslash, so they mean the same under any
// standard_conforming_strings.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pgpm::sql {

std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view value);
/// 'value' or NULL when empty.
std::string quote_literal_or_null(std::string_view value);
/// ARRAY['a','b']::text[]
std::string quote_text_array(std::span<const std::string> values);

}  // namespace pgpm::sql
