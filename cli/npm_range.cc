#include "cli/npm_range.h"

#include <array>
#include <charconv>

namespace pgpm::cli {

namespace {

using Version = std::array<int, 3>;

std::optional<Version> read_version(std::string_view text) {
  Version version{};
  const char* at = text.data();
  const char* end = at + text.size();
  for (std::size_t i = 0; i < version.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [next, error] = std::from_chars(at, end, version[i]);
    if (error != std::errc() || version[i] < 0) return std::nullopt;
    at = next;
  }
  return at == end ? std::optional(version) : std::nullopt;
}

/// ^1.2.3 keeps the first number that is not 0, and all before it.
std::size_t kept_by_caret(const Version& version) {
  for (std::size_t i = 0; i < version.size(); ++i)
    if (version[i] != 0) return i + 1;
  return version.size();
}

bool begins_alike(const Version& a, const Version& b, std::size_t numbers) {
  for (std::size_t i = 0; i < numbers; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

}  // namespace

std::optional<bool> is_in_range(std::string_view version, std::string_view wanted) {
  if (version == wanted || wanted == "*") return true;
  const std::size_t digits = wanted.find_first_of("0123456789");
  if (digits == wanted.npos) return std::nullopt;
  const std::string_view sign = wanted.substr(0, digits);
  const auto have = read_version(version), least = read_version(wanted.substr(digits));
  if (!have || !least) return std::nullopt;
  if (sign.empty()) return *have == *least;
  if (sign == ">=") return *have >= *least;
  if (sign == "~") return *have >= *least && begins_alike(*have, *least, 2);
  if (sign == "^") return *have >= *least && begins_alike(*have, *least, kept_by_caret(*least));
  return std::nullopt;
}

}  // namespace pgpm::cli
