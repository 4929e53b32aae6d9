// psql's variables: where they are replaced, by what, and where nothing is one.
#include "engine/sql/psql_variables.h"

#include <catch2/catch.hpp>
#include <tuple>

using namespace pgpm::sql;

namespace {

const PsqlVariables variables{{"schema", "app"},   {"name", "it's \"x\""}, {"n", "3"},
                              {"text", "oops"},    {"back", "a\\b"},       {"two", "1; SELECT 2"},
                              {"again", ":schema"}, {"empty", ""}};

}  // namespace

TEST_CASE("a variable is replaced in a statement") {
  const auto [text, wanted] = GENERATE(table<const char*, const char*>({
      {"CREATE TABLE :schema.t ();", "CREATE TABLE app.t ();"},
      {"SELECT :'name';", "SELECT 'it''s \"x\"';"},
      {"SELECT 1 AS :\"name\"", "SELECT 1 AS \"it's \"\"x\"\"\""},
      {"SELECT :'back';", "SELECT E'a\\\\b';"},
      {"SELECT :n+:n;", "SELECT 3+3;"},
      {"SELECT x[1:n];", "SELECT x[13];"},  // as in psql: it is set
      {"SELECT x[1:m];", "SELECT x[1:m];"},
      {"SELECT :{?n}, :{?m};", "SELECT TRUE, FALSE;"},
      {"SELECT :again;", "SELECT :schema;"},
      {"SELECT 1:empty;", "SELECT 1;"},
      {"SELECT :two;", "SELECT 1; SELECT 2;"},
      {"SELECT (:n, -- :n\n :n);", "SELECT (3, -- :n\n 3);"},
  }));
  CHECK(with_psql_variables(text, variables) == wanted);
}

TEST_CASE("nothing else is a variable") {
  const std::string text = GENERATE(
      "SELECT 'a :n', \":n\", $$ :n $$, $x$ :'n' $x$, E'\\' :n';", "SELECT 1::text;",
      "SELECT a::n FROM t;", "/* :n */ -- :schema\n", "DO $$ BEGIN x := :n; END $$;",
      "COPY t FROM STDIN;\n:n\t:'name'\n\\.\n", "SELECT :unknown, :'unknown', :\"unknown\";",
      "SELECT :'n", "SELECT :'n x';", "SELECT : n;", "SELECT :{n}, :{?};", "");
  CAPTURE(text);
  CHECK(with_psql_variables(text, variables) == text);
}

TEST_CASE("names of variables") {
  CHECK(is_psql_variable_name("a_1"));
  CHECK(is_psql_variable_name("1"));
  CHECK(is_psql_variable_name("\xc3\xa9"));
  for (const char* name : {"", "a-b", "a b", "a.b", ":a"}) CHECK_FALSE(is_psql_variable_name(name));
}
