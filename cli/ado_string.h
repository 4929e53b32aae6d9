// Connection strings as .NET writes them ("Host=db;Database=shop;Username=app"), turned into
// libpq's form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgpm::cli {

using ConnectionWords = std::vector<std::pair<std::string, std::string>>;

/// It is no URI, and has both '=' and ';'.
bool is_ado_string(std::string_view text);
/// libpq's keywords and values. Throws Error(configuration) for keys it does not know and values
/// that do not end; never quotes a value.
ConnectionWords parse_ado_string(std::string_view text);
/// keyword='value' ..., as libpq reads it.
std::string conninfo_text(const ConnectionWords& words);
/// The connection string (URI, or keyword=value text, or "") with further settings.
std::string with_connection_words(const std::string& connection, const ConnectionWords& words);

}  // namespace pgpm::cli
