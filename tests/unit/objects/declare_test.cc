// What statements declare, and what they may not.
#include <catch2/catch.hpp>

#include "tests/support/temp_workspace.h"
#include "tests/support/workshop.h"
#include "tests/unit/objects/declared.h"

using namespace pgpm;
using namespace pgpm::objects;

TEST_CASE("every kind has its identity") {
  const auto [statement, kind, identity] = GENERATE(table<std::string, std::string, std::string>({
      {"CREATE VIEW v AS SELECT 1", "view", "public.v"},
      {"CREATE OR REPLACE VIEW App.V AS SELECT 1", "view", "app.v"},
      {R"(CREATE VIEW "App"."V""x" AS SELECT 1)", "view", R"("App"."V""x")"},
      {R"(CREATE VIEW "order" AS SELECT 1)", "view", R"(public."order")"},
      {R"(CREATE VIEW value AS SELECT 1)", "view", "public.value"},
      {R"(CREATE FUNCTION f("user", integer, interval) RETURNS int LANGUAGE sql AS '')", "function",
       R"(public.f("user", integer, interval))"},
      {"CREATE RECURSIVE VIEW r (n) AS SELECT 1", "view", "public.r"},
      {"CREATE MATERIALIZED VIEW m AS SELECT 1 WITH NO DATA", "materialized view", "public.m"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function", "public.f()"},
      {"CREATE FUNCTION f(a int, INOUT b text, OUT c date) LANGUAGE sql AS ''", "function",
       "public.f(integer, text)"},
      {"CREATE FUNCTION f(VARIADIC a numeric(10, 2)[]) RETURNS TABLE (x int) LANGUAGE sql AS ''",
       "function", "public.f(numeric[])"},
      {"CREATE PROCEDURE p(a app.t, b timestamptz) LANGUAGE sql AS ''", "procedure",
       "public.p(app.t, timestamp with time zone)"},
      {"CREATE AGGREGATE a(int, text) (SFUNC = s, STYPE = int)", "aggregate",
       "public.a(integer, text)"},
      {"CREATE AGGREGATE a(*) (SFUNC = s, STYPE = int)", "aggregate", "public.a()"},
      {"CREATE TYPE t AS (a int)", "type", "public.t"},
      {"CREATE TYPE t AS ENUM ('a')", "type", "public.t"},
      {"CREATE TYPE t AS RANGE (SUBTYPE = int)", "type", "public.t"},
      {"CREATE DOMAIN d AS int", "domain", "public.d"},
      {"CREATE TRIGGER g AFTER INSERT ON app.t EXECUTE FUNCTION f()", "trigger", "g on app.t"},
      {"CREATE RULE r AS ON INSERT TO t DO NOTHING", "rule", "r on public.t"},
      {"CREATE POLICY p ON t USING (true)", "policy", "p on public.t"},
      {"CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = text, FUNCTION = f)", "operator",
       "app.===(integer, text)"},
      {"CREATE OPERATOR !! (RIGHTARG = int, FUNCTION = f)", "operator", "public.!!(NONE, integer)"},
      {"CREATE CAST (int AS app.t) WITHOUT FUNCTION", "cast", "(integer AS app.t)"},
      {"CREATE INDEX i ON app.m (a)", "index", "app.i"},
      {"COMMENT ON COLUMN app.v.c IS 'x'", "comment", "column app.v.c"},
      {"COMMENT ON FUNCTION f(int) IS 'x'", "comment", "function public.f(integer)"},
      {"COMMENT ON TRIGGER g ON t IS 'x'", "comment", "trigger g on public.t"},
      {"COMMENT ON OPERATOR === (int, text) IS 'x'", "comment",
       "operator public.===(integer, text)"},
      {"COMMENT ON AGGREGATE a(int) IS 'x'", "comment", "aggregate public.a(integer)"},
      {"COMMENT ON INDEX i IS 'x'", "comment", "index public.i"},
      {"COMMENT ON SCHEMA app IS 'x'", "comment", "schema app"},
      {"COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'", "comment", "domain constraint c on public.d"},
      {"GRANT  SELECT ON v TO \"Bob\"", "grant", "grant select on v to \"Bob\""},
  }));
  const auto objects = declared(statement + ";");
  REQUIRE(objects.size() == 1);
  CHECK(object_kind_name(objects[0].key.kind) == kind);
  CHECK(objects[0].key.identity == identity);
}

TEST_CASE("what is not managed is an error with its place, never passed over") {
  CHECK(problem_of("CREATE VIEW v AS SELECT 1;\nCREATE TABLE t (id int);") ==
        "x.sql:2:1 a table is made and changed step by step, not declared");
  CHECK(problem_of("INSERT INTO t VALUES (1);") ==
        "x.sql:1:1 this statement declares nothing that can be managed");
  CHECK(problem_of("CREATE INDEX ON m (a);") == "x.sql:1:1 an index needs a name to be managed");
  CHECK(problem_of("CREATE VIEW v AS SELEC 1;") == "x.sql:1:18 syntax error at or near \"SELEC\"");
  CHECK(problem_of("CREATE FUNCTION f(a t.c%TYPE) RETURNS int LANGUAGE sql AS '';") ==
        "x.sql:1:1 an argument's type has to be written out, not copied by %TYPE");
}

TEST_CASE(
    "a file that does not parse is an error of the folder; a text that looks like it is none") {
  tests::TempWorkspace files({{"a.sql", "CREATE VIEW a AS SELECT 1;"},
                              {"deep/b.sql", "CREATE VIEW b AS SELECT ';--' AS x;"},
                              {"notes.txt", "CREATE"},
                              {"a.test.sql", "SELEC"}});
  CHECK(declare_objects({files.root().string()}, {}).size() == 2);
  files.write("c.sql", "CREATE VIEW c AS SELECT '");
  const Error error = tests::error_of([&] { declare_objects({files.root().string()}, {}); });
  CHECK(error.code() == ErrorCode::configuration);
}

TEST_CASE("two declarations of one object are refused with both places") {
  const std::string first = GENERATE(
      as<std::string>(), "CREATE VIEW x AS SELECT 1", "CREATE MATERIALIZED VIEW x AS SELECT 1",
      "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TYPE x AS (a int)",
      "CREATE DOMAIN x AS int", "CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()",
      "CREATE AGGREGATE x(int) (SFUNC = s, STYPE = int)");
  tests::TempWorkspace files({{"a.sql", first + ";"}, {"b.sql", "\n" + first + ";"}});
  const Error error = tests::error_of([&] { declare_objects({files.root().string()}, {}); });
  REQUIRE(error.diagnostics().size() == 1);
  CHECK(error.diagnostics()[0].where.line == 2);
  CHECK(error.diagnostics()[0].message.find("is declared twice: also at ") != std::string::npos);
}

TEST_CASE("names collide where PostgreSQL's do, and nowhere else") {
  const auto problems = [](const std::string& a, const std::string& b) {
    tests::TempWorkspace files({{"a.sql", a}, {"b.sql", b}});
    try {
      declare_objects({files.root().string()}, {});
    } catch (const Error& error) {
      return error.diagnostics().size();
    }
    return std::size_t{0};
  };
  const std::string body = "() RETURNS int LANGUAGE sql AS 'SELECT 1';";
  CHECK(problems("CREATE VIEW x AS SELECT 1;", "CREATE MATERIALIZED VIEW x AS SELECT 1;") == 1);
  CHECK(problems("CREATE VIEW x AS SELECT 1;", "CREATE VIEW public.x AS SELECT 1;") == 1);
  CHECK(problems("CREATE FUNCTION x" + body, "CREATE PROCEDURE x() LANGUAGE sql AS '';") == 1);
  CHECK(problems("CREATE VIEW x AS SELECT 1;", "CREATE VIEW app.x AS SELECT 1;") == 0);
  CHECK(problems("CREATE VIEW x AS SELECT 1;", "CREATE FUNCTION x" + body) == 0);
  CHECK(problems("CREATE FUNCTION x" + body,
                 "CREATE FUNCTION x(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';") == 0);
  CHECK(problems("CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f();",
                 "CREATE TRIGGER x AFTER INSERT ON u EXECUTE FUNCTION f();") == 0);
}

TEST_CASE("an edit in a literal is a change, one in blanks or comments between words is none") {
  const auto hash = [](const std::string& text) { return declared(text).at(0).hash; };
  const std::string original = "CREATE VIEW v AS SELECT 'a  -- B' AS x;";
  CHECK(hash("create view  v -- what it is\nas /* x */ select 'a  -- B' as x;") == hash(original));
  CHECK(hash("CREATE VIEW v AS SELECT 'a  -- b' AS x;") != hash(original));
  CHECK(hash("CREATE VIEW v AS SELECT 'a -- B' AS x;") != hash(original));
  CHECK(hash("CREATE VIEW v AS SELECT 'a  -- C' AS x;") != hash(original));
}

TEST_CASE("comments and grants know how they are taken back") {
  CHECK(declared("COMMENT ON VIEW v IS 'is it so';").at(0).undo == "COMMENT ON VIEW v IS NULL");
  CHECK(declared("GRANT SELECT ON v TO a WITH GRANT OPTION;").at(0).undo ==
        "REVOKE SELECT ON v FROM a");
  CHECK(declared("REVOKE ALL ON v FROM a;").at(0).undo.empty());
}

TEST_CASE("a view of a newer grammar is known by its first words") {
  Naming naming;
  naming.server_major = 18;
  const auto objects =
      declared("CREATE VIEW s.\"V\" AS SELECT JSON_SERIALIZE('{}' NEW THINGS);", naming);
  REQUIRE(objects.size() == 1);
  CHECK(objects[0].key.identity == "s.\"V\"");
  CHECK_FALSE(objects[0].understood);
}
