// Lists of names in the ledger's SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pgpm::registry {

/// ARRAY['a','b'], or '{}': no cast, since a type's name would be looked up in whatever search_path
/// is set. It is text[] where a text[] is wanted.
std::string text_array(const std::vector<std::string>& values);

/// The same as one literal, '{"a",NULL}', which costs the server less.
std::string text_array_literal(const std::vector<std::optional<std::string>>& values);

}  // namespace pgpm::registry
