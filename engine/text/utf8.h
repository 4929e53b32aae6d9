// UTF-8 as bytes: is it valid, how many characters. (RFC 3629; surrogates and overlong forms are
// invalid.)
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pgpm {

/// Offset of the first byte that is not valid UTF-8, or of the first NUL; nullopt if there is none.
std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);
std::size_t count_characters(std::string_view valid_utf8);
/// Length of the byte order mark at the start: 3 or 0.
std::size_t byte_order_mark(std::string_view bytes);

}  // namespace pgpm
