// UUIDs as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgpm {

/// Lower case with hyphens. Taken: with hyphens, without any, in braces, behind "urn:uuid:".
std::optional<std::string> parse_uuid(std::string_view text);
/// The id of a file that names none: MD5 of the path's bytes, read as a UUID.
std::string path_uuid(std::string_view path);

}  // namespace pgpm
