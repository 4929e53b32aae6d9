#include "engine/text/nearest.h"

#include <catch2/catch.hpp>

namespace pgpm::tests {

TEST_CASE("The nearest name is suggested if it is near enough", "[text]") {
  struct Case {
    std::string_view name;
    std::vector<std::string> candidates;
    std::string_view nearest;
  };
  const Case cases[] = {
      {"depoly", {"deploy", "verify", "revert"}, "deploy"},  // two neighbours swapped: one edit
      {"verfy", {"deploy", "verify", "revert"}, "verify"},
      {"statuss", {"status"}, "status"},
      {"x", {"y"}, "y"},     // one edit is always near
      {"ab", {"cd"}, ""},    // two of two are not
      {"ab", {"ba"}, "ba"},  // a swap is one edit
      {"abc", {"xyz", "abx"}, "abx"},
      {"frobnicate", {"deploy"}, ""},
      {"abcdef", {"abcxyz"}, ""},        // three of six
      {"abcdef", {"abcdxy"}, "abcdxy"},  // two of six: a third
      {"", {"a"}, "a"},
      {"", {"abc"}, ""},
      {"name", {}, ""},
      {"name", {"name"}, "name"},
      {"name", {"names", "name"}, "name"},    // the nearest, not the first
      {"name", {"namex", "namey"}, "namex"},  // the first of equals
      {"a", {""}, ""},
      {"no-transacton", {"no-transaction", "irreversible"}, "no-transaction"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name, c.candidates);
    CHECK(nearest_name(c.name, c.candidates) == c.nearest);
  }
}

}  // namespace pgpm::tests
