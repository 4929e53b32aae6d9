// What has to go before others can go.
#include "engine/objects/cone.h"

#include <catch2/catch.hpp>

using namespace pgpm::objects;

namespace {

constexpr std::uint32_t relation = 1259;

CatalogId id(std::uint32_t number) {
  return {relation, number};
}

std::string shown(const std::vector<ConeUnit>& cone) {
  std::string text;
  for (const ConeUnit& unit : cone)
    text += (text.empty() ? "" : " ") + std::to_string(unit.id.objid) + (unit.belongs ? "+" : "");
  return text;
}

}  // namespace

TEST_CASE("what needs others goes first") {
  // 2 and 3 need 1, 4 needs both.
  const std::vector<CatalogEdge> edges{
      {id(2), id(1), 'n'}, {id(3), id(1), 'n'}, {id(4), id(2), 'n'}, {id(4), id(3), 'n'}};
  CHECK(shown(cone_of({id(1)}, edges)) == "4 2 3 1");
  CHECK(shown(cone_of({id(1)}, {})) == "1");
  CHECK(cone_of({}, {}).empty());
}

TEST_CASE("a row type is its relation: who needs it needs that") {
  // 2 is a part of 1, 3 needs 2.
  CHECK(shown(cone_of({id(1)}, {{id(2), id(1), 'i'}, {id(3), id(2), 'n'}})) == "3 1");
}

TEST_CASE("what goes along by itself is marked, what is needed in two ways is one") {
  CHECK(shown(cone_of({id(1)}, {{id(2), id(1), 'a'}, {id(3), id(1), 'n'}, {id(3), id(1), 'n'}})) ==
        "2+ 3 1");
}

TEST_CASE("several seeds of which one needs the other") {
  CHECK(shown(cone_of({id(1), id(2)}, {{id(2), id(1), 'n'}})) == "2 1");
}
