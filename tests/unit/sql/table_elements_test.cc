#include "engine/sql/table_elements.h"

#include <catch2/catch.hpp>

namespace pgpm::sql {

using Parts = std::vector<std::string>;

TEST_CASE("a table's elements are what stands between the commas of its own list") {
  const auto table = table_elements(
      "CREATE UNLOGGED TABLE IF NOT EXISTS app.\"a (b\" (\n  id int DEFAULT f(1, 2) NOT NULL,\n"
      "  name text DEFAULT 'a, b)' /* , */,\n  CONSTRAINT c CHECK ((id > 0) AND (id < 9))\n)\n"
      "WITH (fillfactor='70')");
  REQUIRE(table);
  CHECK(table->name == "app.\"a (b\"");
  CHECK(table->elements == Parts{"id int DEFAULT f(1, 2) NOT NULL",
                                 "name text DEFAULT 'a, b)' /* , */",
                                 "CONSTRAINT c CHECK ((id > 0) AND (id < 9))"});
  CHECK(table->rest == "WITH (fillfactor='70')");
  CHECK(is_column(table->elements[0]));
  CHECK_FALSE(is_column(table->elements[2]));
}

TEST_CASE("a table's text is put together again") {
  auto table = table_elements("CREATE TABLE t (a int)");
  REQUIRE(table);
  table->elements.push_back("PRIMARY KEY (a)");
  CHECK(table->text() == "CREATE TABLE t (\n    a int,\n    PRIMARY KEY (a)\n)");
  CHECK(table_elements("CREATE TABLE t ()")->elements.empty());
}

TEST_CASE("what has no list of elements") {
  for (const char* text : {"CREATE TABLE t AS SELECT 1", "CREATE TABLE t (a) AS SELECT 1",
                           "CREATE TABLE t OF app.pair", "CREATE TABLE t PARTITION OF u DEFAULT",
                           "CREATE VIEW v (a) AS SELECT 1", "CREATE TABLE t (a int", ""})
    CHECK_FALSE(table_elements(text));
}

TEST_CASE("the constraint that an ALTER TABLE adds") {
  CHECK(added_constraint("ALTER TABLE ONLY app.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (a, b)") ==
        "CONSTRAINT t_pkey PRIMARY KEY (a, b)");
  CHECK(added_constraint("ALTER TABLE t ADD UNIQUE (a) USING INDEX TABLESPACE fast"));
  for (const char* text :
       {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD b int", "ALTER TABLE t ADD COLUMN b int",
        "ALTER TABLE t ADD b int", "ALTER TABLE t DROP CONSTRAINT c", "ALTER INDEX i RENAME TO j"})
    CHECK_FALSE(added_constraint(text));
}

}  // namespace pgpm::sql
