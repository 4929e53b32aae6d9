// Which declaration needs which, and in what order they can be made.
#include <catch2/catch.hpp>

#include "tests/support/workshop.h"
#include "tests/unit/objects/declared.h"

using namespace pgpm;
using namespace pgpm::objects;

TEST_CASE("what is needed comes first, ties keep the order of the text") {
  CHECK(
      order_of(declared("CREATE VIEW a AS SELECT * FROM c; CREATE VIEW z AS SELECT 1; CREATE VIEW "
                        "c AS SELECT * FROM z; CREATE VIEW b AS SELECT 1;")) == "z c a b");
  CHECK(order_of({}).empty());
}

TEST_CASE("queries name relations everywhere, but not their own common table expressions") {
  const std::string text =
      "CREATE VIEW t1 AS SELECT 1 AS x; CREATE VIEW t2 AS SELECT 1 AS x; CREATE VIEW t3 AS SELECT "
      "1 "
      "AS x; CREATE VIEW t4 AS SELECT 1 AS x; CREATE VIEW cte AS SELECT 1 AS x;"
      "CREATE VIEW v AS WITH cte AS (SELECT x FROM t1) SELECT x, (SELECT max(x) FROM t2) FROM cte "
      "WHERE EXISTS (SELECT FROM t3 WHERE x = 1) UNION SELECT x, row_number() OVER (ORDER BY x) "
      "FROM "
      "t4;";
  CHECK(needs_of(text, "v") == "t1 t2 t3 t4");
  CHECK(
      needs_of("CREATE VIEW v AS WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) "
               "SELECT n FROM r; CREATE VIEW r AS SELECT 1;",
               "v")
          .empty());
}

TEST_CASE("types, casts, row types, defaults and operators are needed") {
  const std::string text =
      "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN small AS int; CREATE VIEW v AS SELECT 1 AS x;"
      "CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2';"
      "CREATE OPERATOR <+> (LEFTARG = int, RIGHTARG = int, FUNCTION = add);"
      "CREATE FUNCTION f(a mood DEFAULT 'a'::mood, b v DEFAULT NULL) RETURNS SETOF small LANGUAGE "
      "sql "
      "AS 'SELECT NULL';"
      "CREATE VIEW w AS SELECT 'a'::mood AS m, 1 <+> 2 AS s, (f()) AS n;"
      "CREATE AGGREGATE total(int) (SFUNC = add, STYPE = int);"
      "CREATE VIEW sums AS SELECT total(x) FROM v;"
      "CREATE TYPE pair AS (a small, b mood[]);"
      "CREATE CAST (small AS mood) WITH FUNCTION g(small); CREATE FUNCTION g(small) RETURNS mood "
      "LANGUAGE sql AS '';";
  CHECK(needs_of(text, "<+>(integer, integer)") == "add");
  CHECK(needs_of(text, "f") == "mood small v");
  CHECK(needs_of(text, "w") == "mood <+>(integer, integer)(late) f");
  CHECK(needs_of(text, "total") == "add");
  CHECK(needs_of(text, "sums") == "v total");
  CHECK(needs_of(text, "pair") == "mood small");
  CHECK(needs_of(text, "(small AS mood)") == "mood small g");
}

TEST_CASE("bodies that are text need late, parsed bodies at once") {
  const std::string text =
      "CREATE VIEW v AS SELECT 1 AS x; CREATE FUNCTION helper() RETURNS int LANGUAGE sql AS "
      "'SELECT "
      "1';";
  CHECK(needs_of(text + "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT x FROM v';",
                 "f") == "v(late)");
  CHECK(needs_of(text + "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT x FROM v; END;",
                 "f") == "v");
  CHECK(needs_of(text + "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE r v; s "
                        "v.x%TYPE; BEGIN IF EXISTS (SELECT FROM v) THEN RETURN helper(); END IF; "
                        "r := helper(); RETURN 1; END $$;",
                 "f") == "v(late) helper(late)");
  CHECK(needs_of(text + "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE "
                        "'SELECT helper()'; RETURN 1; END $$;",
                 "f")
            .empty());
}

TEST_CASE("names without a schema are looked for along the path, a function's own in its body") {
  Naming naming;
  naming.search_path = {"app", "public"};
  const std::string text =
      "CREATE VIEW app.x AS SELECT 1 AS a; CREATE VIEW public.x AS SELECT 1 AS a; CREATE VIEW "
      "other.x "
      "AS SELECT 1 AS a;";
  CHECK(needs_of(text + "CREATE VIEW v AS SELECT a FROM x;", "v", naming) == "x");
  CHECK(needs_of(text + "CREATE VIEW v AS SELECT a FROM public.x;", "v", naming) == "public.x");
  CHECK(needs_of(text + "CREATE FUNCTION f() RETURNS int SET search_path = other LANGUAGE sql AS "
                        "'SELECT a FROM x';",
                 "f", naming) == "other.x(late)");
}

TEST_CASE("functions that call each other are made before their bodies are checked") {
  CHECK(
      order_of(declared("CREATE FUNCTION even(n int) RETURNS bool LANGUAGE sql AS 'SELECT odd($1)';"
                        "CREATE FUNCTION odd(n int) RETURNS bool LANGUAGE sql AS 'SELECT even($1)';"
                        "CREATE VIEW v AS SELECT even(1);")) == "even* odd v");
  CHECK(order_of(declared(
            "CREATE FUNCTION fac(n int) RETURNS int LANGUAGE sql AS 'SELECT fac($1)';")) == "fac");
}

TEST_CASE("a circle that nothing resolves is shown as the way round, with each place") {
  const auto objects = declared(
      "CREATE VIEW a AS SELECT * FROM b;\nCREATE VIEW b AS SELECT * FROM c;\nCREATE VIEW c AS "
      "SELECT * "
      "FROM a;");
  const Error error = tests::error_of([&] { order_of(objects); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(std::string(error.what()) ==
        "objects need each other in a circle: view a -> view b -> view c -> view a");
  REQUIRE(error.diagnostics().size() == 3);
  CHECK(error.diagnostics()[1].where.to_string() == "x.sql:2:1");
}
