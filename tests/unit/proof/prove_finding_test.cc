// Where a script names an object.
#include "engine/proof/prove_finding.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::proof {
namespace {

StoredScript script(const std::string& text) {
  return {"revert/x.sql", sql::Script::parse("revert/x.sql", text), "hash", {}};
}

std::string place(const std::string& text, const std::string& identity) {
  const auto where = place_naming(script(text), identity);
  return where ? where->to_string() : "nowhere";
}

}  // namespace

TEST_CASE("the statement that names an object is found, whatever its kind") {
  const std::string text =
      "-- app.users\nDROP VIEW app.v;\nDROP FUNCTION app.\"F x\"(integer);\n"
      "ALTER TABLE app.Users DROP name;\nDROP INDEX app.i;\nDROP POLICY own ON app.users;\n";
  CHECK(place(text, "app.v") == "revert/x.sql:2:1");
  CHECK(place(text, "app.\"F x\"(integer)") == "revert/x.sql:3:1");
  CHECK(place(text, "app.users") == "revert/x.sql:4:1");
  CHECK(place(text, "app.users.name") == "revert/x.sql:4:1");
  CHECK(place(text, "own on app.users") == "revert/x.sql:6:1");
  CHECK(place(text, "app.orders") == "nowhere");
  CHECK(place("", "app.v") == "nowhere");
}

TEST_CASE("all names of an identity count more than its own") {
  const std::string text = "DROP TABLE a.t;\nDROP TABLE b.t;\n";
  CHECK(place(text, "b.t") == "revert/x.sql:2:1");
  CHECK(place(text, "c.t") == "revert/x.sql:1:1");
}

TEST_CASE("a difference no statement names is shown at the first line") {
  const auto findings =
      not_restored_findings({{DifferenceKind::only_in_after, "table", "app.t", "", {}}},
                            script("SELECT 1;\r\n"), script("\nCREATE TABLE app.t (id int);"));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].where.to_string() == "revert/x.sql:1");
  CHECK(findings[0].source_line == "SELECT 1;");
  CHECK(findings[0].hint == "the deploy script names it at revert/x.sql:2:1");
}

}  // namespace pgpm::proof
