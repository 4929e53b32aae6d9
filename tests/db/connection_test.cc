#include "engine/db/connection.h"

#include <catch2/catch.hpp>

#include "tests/support/test_database.h"

using namespace pgpm;
using pgpm::tests::TestDatabase;

TEST_CASE("a statement's rows come back as text", "[connection]") {
  TestDatabase database;
  CHECK(database.query_text("SELECT 1, 'zwei', NULL, true") == "1|zwei||t");
  const db::Result result = database.connection().query(
      "SELECT $1::int + 1, $2::text IS NULL, $3::text", {"41", std::nullopt, "ä'\\"});
  REQUIRE(result.rows() == 1);
  REQUIRE(result.columns() == 3);
  CHECK(result.integer(0, 0) == 42);
  CHECK(result.boolean(0, 1));
  CHECK(result.str(0, 2) == "ä'\\");
  CHECK_THROWS_AS(result.text(1, 0), Error);
}
