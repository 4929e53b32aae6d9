#include "cli/planner.h"

#include <unistd.h>

#include <filesystem>
#include <map>

#include <catch2/catch.hpp>

#include "cli/process.h"
#include "pgpm/error.h"

namespace pgpm::cli {
namespace {

using Variables = std::map<std::string, std::string>;

TEST_CASE("times are read as ISO 8601 or seconds and written in UTC") {
  const std::pair<const char*, const char*> cases[] = {
      {"2024-01-15T10:00:00Z", "2024-01-15T10:00:00Z"},
      {"2024-01-15T12:00:00+02:00", "2024-01-15T10:00:00Z"},
      {"2024-01-15T04:30:00-0530", "2024-01-15T10:00:00Z"},
      {"2024-01-15 10:00:00.123", "2024-01-15T10:00:00Z"},
      {"2024-01-15", "2024-01-15T00:00:00Z"},
      {"1705312800", "2024-01-15T10:00:00Z"},
      {"0", "1970-01-01T00:00:00Z"},
      {"2024-01-15T10:00Z", "2024-01-15T10:00:00Z"}};
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(plan_time(text) == std::optional<std::string>(expected));
  }
  for (const char* text :
       {"", "yesterday", "2024", "2024-13-01", "2024-01-15T25:00:00Z", "2024-01-15Zx", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(plan_time(text));
  }
}

TEST_CASE("a frozen time that is none is an error, not the present") {
  CHECK_THROWS_WITH(authorship(Environment(Variables{{"PGPM_FROZEN_TIME", "soon"}}), "/"),
                    "PGPM_FROZEN_TIME is no time: \"soon\"");
}

TEST_CASE("the planner is git's user where git knows one") {
  const auto dir =
      std::filesystem::temp_directory_path() / ("pgpm-planner-" + std::to_string(::getpid()));
  std::filesystem::create_directory(dir);
  if (!output_of({"git", "init", "-q", dir.string()})) {
    std::filesystem::remove_all(dir);
    WARN("git is not installed");
    return;
  }
  output_of({"git", "-C", dir.string(), "config", "user.name", "Ada 'Tables' Lovelace"});
  output_of({"git", "-C", dir.string(), "config", "user.email", "ada@example.org"});
  const Environment environment(
      {{"PGPM_PLANNER_NAME", "Other"}, {"PGPM_FROZEN_TIME", "1705312800"}});
  const Authorship by = authorship(environment, dir);
  std::filesystem::remove_all(dir);
  CHECK(by.planner == "Ada 'Tables' Lovelace");
  CHECK(by.email == "ada@example.org");
  CHECK(by.timestamp == "2024-01-15T10:00:00Z");
}

TEST_CASE("a program's output is read; failing or missing programs give nothing") {
  CHECK(output_of({"printf", "%s", "a b"}) == std::optional<std::string>("a b"));
  CHECK_FALSE(output_of({"false"}));
  CHECK_FALSE(output_of({"/no/such/program"}));
}

}  // namespace
}  // namespace pgpm::cli
