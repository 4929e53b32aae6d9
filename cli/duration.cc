#include "cli/duration.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "pgpm/error.h"

namespace pgpm::cli {

namespace {
constexpr std::pair<std::string_view, double> units[] = {
    {"ms", 1}, {"s", 1000}, {"sec", 1000}, {"min", 60000}, {"m", 60000}, {"h", 3600000}};
constexpr double longest = 1000.0 * 3600 * 24 * 24;  // what fits the server's 32-bit milliseconds
}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (problem != std::errc() || !(number >= 0)) return std::nullopt;
  std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (unit.empty() && number == 0) return std::chrono::milliseconds(0);
  for (const auto& [name, milliseconds] : units) {
    if (name != unit || number * milliseconds > longest) continue;
    return std::chrono::milliseconds(static_cast<long>(number * milliseconds + 0.5));
  }
  return std::nullopt;
}

std::chrono::milliseconds duration_option(std::string_view option, std::string_view text) {
  const auto parsed = parse_duration(text);
  if (!parsed)
    throw Error(ErrorCode::usage, fmt::format("--{} does not understand \"{}\"", option, text))
        .hint("Write a number and its unit: 500ms, 60s, 2min, 1h; or 0.");
  return *parsed;
}

std::string server_duration(std::string_view option, std::string_view text) {
  if (text.empty()) return "";
  const auto milliseconds = duration_option(option, text).count();
  return milliseconds == 0 ? "0" : fmt::format("{}ms", milliseconds);
}

}  // namespace pgpm::cli
