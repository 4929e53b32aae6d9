#include "cli/npm_range.h"

#include <catch2/catch.hpp>

namespace pgpm::cli {

TEST_CASE("what package.json wants of a dependency") {
  struct Row {
    const char *version, *wanted;
    std::optional<bool> answer;
  };
  const Row rows[] = {{"1.2.3", "1.2.3", true},
                      {"1.2.3", "1.2.4", false},
                      {"1.2.3", "*", true},
                      {"1.2.3", "^1.0.0", true},
                      {"1.2.3", "^1.3.0", false},
                      {"2.0.0", "^1.2.3", false},
                      {"0.3.0", "^0.2.9", false},
                      {"0.2.10", "^0.2.9", true},
                      {"0.0.4", "^0.0.3", false},
                      {"1.2.9", "~1.2.3", true},
                      {"1.3.0", "~1.2.3", false},
                      {"3.0.0", ">=1.2.3", true},
                      {"1.2.2", ">=1.2.3", false},
                      {"1.2.3", "1.x", std::nullopt},
                      {"1.2.3", "latest", std::nullopt},
                      {"1.2.3", ">=1.0.0 <2.0.0", std::nullopt},
                      {"1.2.3-beta.1", "^1.2.0", std::nullopt},
                      {"1.2.3-beta.1", "1.2.3-beta.1", true},
                      {"1.2", "1.2.0", std::nullopt},
                      {"1.2.3", "", std::nullopt},
                      {"99999999999.0.0", "^1.0.0", std::nullopt}};
  for (const Row& row : rows) {
    INFO(row.version << " in " << row.wanted);
    CHECK(is_in_range(row.version, row.wanted) == row.answer);
  }
}

}  // namespace pgpm::cli
