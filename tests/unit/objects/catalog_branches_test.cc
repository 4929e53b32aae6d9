#include "engine/objects/catalog_branches.h"

#include <catch2/catch.hpp>

using namespace pgpm::objects;

TEST_CASE("only the branches that are asked for are kept") {
  const std::string sql =
      "SELECT (\n  nothing\n  -- of view\n  UNION ALL a\n  -- of rule\n  UNION ALL b\n"
      "  -- of all\n)\n";
  CHECK(with_branches(sql, {}) == "SELECT (\n  nothing\n)\n");
  CHECK(with_branches(sql, {"rule"}) == "SELECT (\n  nothing\n  UNION ALL b\n)\n");
  CHECK(with_branches(sql, {"view", "rule"}) ==
        "SELECT (\n  nothing\n  UNION ALL a\n  UNION ALL b\n)\n");
}

TEST_CASE("catalogs hold objects of a class") {
  CHECK(class_of_catalog(1259) == "relation");
  CHECK(class_of_catalog(2605) == "cast");
  CHECK(class_of_catalog(2615).empty());
}
