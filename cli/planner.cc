#include "cli/planner.h"

#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/process.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

std::string format_time(std::time_t seconds) {
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

std::optional<int> digits(std::string_view& text, std::size_t number) {
  int value = 0;
  if (text.size() < number) return std::nullopt;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + number, value);
  if (problem != std::errc() || end != text.data() + number || text[0] == '-') return std::nullopt;
  text.remove_prefix(number);
  return value;
}

bool skip(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Seconds to subtract for "Z", "+02:00", "-0530" or nothing.
std::optional<long> offset_seconds(std::string_view& text) {
  if (text.empty() || skip(text, "Zz")) return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!skip(text, "+-")) return std::nullopt;
  const auto hours = digits(text, 2);
  skip(text, ":");
  const auto minutes = text.empty() ? std::optional(0) : digits(text, 2);
  if (!hours || !minutes) return std::nullopt;
  return sign * (*hours * 3600L + *minutes * 60L);
}

void skip_fraction(std::string_view& text) {
  if (!skip(text, ".,")) return;
  while (skip(text, "0123456789")) {
  }
}

bool read_time_of_day(std::string_view& text, tm& parts) {
  if (text.empty()) return true;
  if (!skip(text, "Tt ")) return false;
  const auto hour = digits(text, 2);
  const auto minute = skip(text, ":") ? digits(text, 2) : std::nullopt;
  if (!hour || !minute) return false;
  const auto second = skip(text, ":") ? digits(text, 2) : std::optional(0);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return false;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  skip_fraction(text);
  return true;
}

std::optional<std::time_t> iso_seconds(std::string_view text) {
  const auto year = digits(text, 4);
  const auto month = skip(text, "-") ? digits(text, 2) : std::nullopt;
  const auto day = skip(text, "-") ? digits(text, 2) : std::nullopt;
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31)
    return std::nullopt;
  tm parts{};
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  if (!read_time_of_day(text, parts)) return std::nullopt;
  const auto offset = offset_seconds(text);
  if (!offset || !text.empty()) return std::nullopt;
  return ::timegm(&parts) - *offset;
}

std::string first_line(const std::optional<std::string>& text) {
  return text ? text->substr(0, text->find('\n')) : "";
}

std::string login() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? "unknown" : entry->pw_name;
}

std::string host() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return {};
}

}  // namespace

std::optional<std::string> plan_time(std::string_view text) {
  std::time_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, seconds);
  if (problem == std::errc() && rest == end && text.size() != 4) return format_time(seconds);
  const auto parsed = iso_seconds(text);
  if (!parsed) return std::nullopt;
  return format_time(*parsed);
}

std::string time_now(const Environment& environment) {
  const std::string frozen = environment.get("PGPM_FROZEN_TIME");
  const std::optional<std::string> time =
      frozen.empty() ? format_time(std::time(nullptr)) : plan_time(frozen);
  if (!time)
    throw Error(ErrorCode::usage, fmt::format("PGPM_FROZEN_TIME is no time: \"{}\"", frozen))
        .hint("Write it as 2024-01-15T10:00:00Z or as seconds since 1970.");
  return *time;
}

Authorship authorship(const Environment& environment, const std::filesystem::path& dir,
                      const Person& otherwise) {
  const auto git = [&](const char* key) {
    return first_line(output_of({"git", "-C", dir.string(), "config", "--get", key}));
  };
  Authorship by;
  by.planner =
      first_of({git("user.name"), environment.get("PGPM_PLANNER_NAME"), otherwise.name, login()});
  by.email = first_of({git("user.email"), environment.get("PGPM_PLANNER_EMAIL"), otherwise.email,
                       login() + "@" + host()});
  by.timestamp = time_now(environment);
  return by;
}

}  // namespace pgpm::cli
