// What moved, told from two counts.
#include "engine/catalog/catalog_tally.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::catalog {
namespace {

std::string shown(const std::vector<MovedOwner>& moved) {
  std::string text;
  for (const MovedOwner& each : moved)
    text += std::to_string(each.owner.oid) + (each.known ? " known" : "") +
            (each.gone ? " gone" : "") + "\n";
  return text;
}

}  // namespace

TEST_CASE("nothing moved") {
  CHECK(moved_owners({}, {}).empty());
  CHECK(moved_owners({{{1, 5}, 2}}, {{{{1, 5}, 2}}, {}}).empty());
}

TEST_CASE("owners that came, went, grew, shrank or have a new row") {
  const std::vector<Tally> before{{{1, 4}, 1}, {{1, 5}, 2}, {{1, 6}, 2}, {{1, 8}, 2}, {{2, 1}, 1}};
  const TallyReading now{{{{1, 3}, 1}, {{1, 5}, 3}, {{1, 6}, 1}, {{1, 7}, 9}, {{1, 8}, 2}},
                         {{1, 3}, {1, 5}, {1, 7}, {1, 8}}};
  CHECK(shown(moved_owners(before, now)) ==
        "3\n4 known gone\n5 known\n6 known\n7\n8 known\n1 known gone\n");
}

}  // namespace pgpm::catalog
