// Lengths of time as people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pgpm::cli {

/// "500ms", "60s", "2min", "1h", "1.5s", "0". nullopt for anything else; a number without a unit is
/// refused (except 0), since the server would take it for milliseconds and people for seconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The same, for an option: throws Error(usage) naming it.
std::chrono::milliseconds duration_option(std::string_view option, std::string_view text);
/// As PostgreSQL's own settings want it ("5000ms"; "0" = no limit); "" stays "".
std::string server_duration(std::string_view option, std::string_view text);

}  // namespace pgpm::cli
