#include "engine/sql/statements.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace pgpm::tests {
namespace {

using sql::Finding;
using sql::Statement;
using sql::StatementReader;
using Texts = std::vector<std::string>;

struct Reading {
  Texts statements;
  Texts data;  // of COPY
  std::vector<Finding> findings;
};

Reading read(std::string_view text) {
  Reading reading;
  StatementReader reader(text);
  while (const auto statement = reader.next()) {
    reading.statements.emplace_back(
        text.substr(statement->begin, statement->end - statement->begin));
    if (statement->kind == Statement::Kind::copy_in) {
      reading.data.emplace_back(
          text.substr(statement->data_begin, statement->data_end - statement->data_begin));
    }
  }
  reading.findings = reader.findings();
  return reading;
}

/// Splits text that has nothing wrong with it.
Texts split(std::string_view text) {
  const Reading reading = read(text);
  CAPTURE(text);
  CHECK(reading.findings.empty());
  return reading.statements;
}

}  // namespace

TEST_CASE("Statements end at semicolons", "[sql]") {
  CHECK(split("") == Texts{});
  CHECK(split(" \n-- nothing\n/* here */ ;;; ; ") == Texts{});
  CHECK(split("SELECT 1") == Texts{"SELECT 1"});
  CHECK(split("SELECT 1;") == Texts{"SELECT 1"});
  CHECK(split("SELECT 1;;SELECT 2;") == Texts{"SELECT 1", "SELECT 2"});
  CHECK(split("-- a\nSELECT 1 -- b;\n + 2 /* c; */ ; -- d\nSELECT 3 -- e") ==
        Texts{"SELECT 1 -- b;\n + 2", "SELECT 3"});
  CHECK(split("SELECT ';', E'\\';', \";\", $$;$$, $a$;$$;$a$;SELECT 2") ==
        Texts{"SELECT ';', E'\\';', \";\", $$;$$, $a$;$$;$a$", "SELECT 2"});
  CHECK(split("SELECT 1;\r\nSELECT 2;\r\n") == Texts{"SELECT 1", "SELECT 2"});
}

TEST_CASE("Semicolons in parentheses are part of the statement", "[sql]") {
  CHECK(split("CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b;); SELECT 1") ==
        Texts{"CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b;)", "SELECT 1"});
  CHECK(split("CREATE RULE r AS ON UPDATE TO t DO ALSO ((SELECT 1); (SELECT 2)); SELECT 1") ==
        Texts{"CREATE RULE r AS ON UPDATE TO t DO ALSO ((SELECT 1); (SELECT 2))", "SELECT 1"});
  CHECK(split("SELECT ')' , (1); SELECT 2)") == Texts{"SELECT ')' , (1)", "SELECT 2)"});
  CHECK(split("SELECT 1); SELECT (2);") == Texts{"SELECT 1)", "SELECT (2)"});
}

TEST_CASE("Bodies of SQL routines are part of their statement", "[sql]") {
  const std::string bodies[] = {
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END",
      "create or replace procedure p() language sql begin atomic insert into t values (1); delete "
      "from t; end",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC END",
      "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END; "
      "SELECT 4; END",
      "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE a WHEN 1 THEN CASE 2 WHEN 2 "
      "THEN 3 END END; END",
      "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT (CASE WHEN a > 1 THEN 2 END) AS "
      "end; SELECT 1; END",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 end; SELECT 2 AS case; END",
      "CREATE FUNCTION f() RETURNS int BEGIN /* x */ ATOMIC -- y\n SELECT 1; -- z\n END",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT t.end FROM t; RETURN 1; END",
      "CREATE FUNCTION begin() RETURNS int BEGIN ATOMIC SELECT 1; END",
      "CREATE FUNCTION f(begin int DEFAULT 1) RETURNS int BEGIN ATOMIC SELECT $1; END",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC CREATE OR REPLACE FUNCTION g() RETURNS int BEGIN "
      "ATOMIC SELECT 1; END; SELECT begin atomic FROM t; END",
  };
  for (const std::string& body : bodies) {
    CAPTURE(body);
    CHECK(split(body + "; SELECT 9;") == Texts{body, "SELECT 9"});
  }
}

TEST_CASE("BEGIN elsewhere opens no body", "[sql]") {
  CHECK(split("BEGIN; SELECT 1; END;") == Texts{"BEGIN", "SELECT 1", "END"});
  CHECK(split("CREATE FUNCTION f() RETURNS int AS $$ BEGIN; END $$ LANGUAGE plpgsql; COMMIT") ==
        Texts{"CREATE FUNCTION f() RETURNS int AS $$ BEGIN; END $$ LANGUAGE plpgsql", "COMMIT"});
  CHECK(split("CREATE FUNCTION begin() RETURNS int RETURN 1; SELECT 2") ==
        Texts{"CREATE FUNCTION begin() RETURNS int RETURN 1", "SELECT 2"});
  CHECK(split("CREATE TABLE begin (atomic int); SELECT 2") ==
        Texts{"CREATE TABLE begin (atomic int)", "SELECT 2"});
  CHECK(split("SELECT begin atomic FROM t; SELECT 2") ==
        Texts{"SELECT begin atomic FROM t", "SELECT 2"});
  CHECK(split("CREATE OR FUNCTION begin atomic; SELECT 2") ==
        Texts{"CREATE OR FUNCTION begin atomic", "SELECT 2"});
  CHECK(split("CREATE FUNCTION f() BEGIN \"atomic\"; SELECT 2") ==
        Texts{"CREATE FUNCTION f() BEGIN \"atomic\"", "SELECT 2"});
}

TEST_CASE("COPY data is taken out unread", "[sql]") {
  struct Case {
    std::string text;
    Texts statements, data;
  };
  const Case cases[] = {
      {"COPY t FROM STDIN;\n1\ta\n2\tb\n\\.\nSELECT 1;",
       {"COPY t FROM STDIN", "SELECT 1"},
       {"1\ta\n2\tb\n"}},
      {"copy t (a, b) from stdin with (format csv);\n1,\"it's\n\\.\n",
       {"copy t (a, b) from stdin with (format csv)"},
       {"1,\"it's\n"}},
      {"COPY t FROM STDIN;\n\\.\n", {"COPY t FROM STDIN"}, {""}},
      {"COPY t FROM STDIN;\n'; $$ /* ( \\i\n\\.\nSELECT 1",
       {"COPY t FROM STDIN", "SELECT 1"},
       {"'; $$ /* ( \\i\n"}},
      {"COPY t FROM STDIN;\r\n1\r\n\\.\r\nSELECT 1;\r\n",
       {"COPY t FROM STDIN", "SELECT 1"},
       {"1\r\n"}},
      {"COPY t FROM STDIN; -- data\n1\n\\.\n", {"COPY t FROM STDIN"}, {"1\n"}},
      {"COPY t FROM STDIN \t;  \n1\n\\.", {"COPY t FROM STDIN"}, {"1\n"}},
      {"COPY t FROM STDIN;\n\\\\.\n\\.x\n \\.\n\\.\n",
       {"COPY t FROM STDIN"},
       {"\\\\.\n\\.x\n \\.\n"}},
      {"COPY t FROM STDIN;\n1\n\\.\nCOPY u FROM STDIN;\n2\n\\.\n",
       {"COPY t FROM STDIN", "COPY u FROM STDIN"},
       {"1\n", "2\n"}},
      {"COPY a.\"from\" FROM STDIN WHERE x > 1;\n1\n\\.\n",
       {"COPY a.\"from\" FROM STDIN WHERE x > 1"},
       {"1\n"}},
      {"COPY BINARY t FROM STDOUT;\n1\n\\.\n", {"COPY BINARY t FROM STDOUT"}, {"1\n"}},
      {"COPY\nt\nFROM\n-- from a file\nSTDIN\n;\n1\n\\.\n",
       {"COPY\nt\nFROM\n-- from a file\nSTDIN"},
       {"1\n"}},
      {"COPY t FROM 'file'; COPY t FROM PROGRAM 'x'; COPY t TO STDOUT; COPY (SELECT a FROM stdin) "
       "TO STDOUT;",
       {"COPY t FROM 'file'", "COPY t FROM PROGRAM 'x'", "COPY t TO STDOUT",
        "COPY (SELECT a FROM stdin) TO STDOUT"},
       {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Reading reading = read(c.text);
    CHECK(reading.findings.empty());
    CHECK(reading.statements == c.statements);
    CHECK(reading.data == c.data);
  }
}

TEST_CASE("What is wrong is found where it is", "[sql]") {
  struct Case {
    std::string text;
    Finding::Kind kind;
    std::string found;
  };
  using Kind = Finding::Kind;
  const Case cases[] = {
      {"SELECT 'a; SELECT 2", Kind::unterminated_string, "'a; SELECT 2"},
      {"SELECT (E'\\', 2)", Kind::unterminated_string, "E'\\', 2)"},
      {"SELECT \"a; SELECT 2", Kind::unterminated_name, "\"a; SELECT 2"},
      {"DO $x$ a; $y$", Kind::unterminated_dollar, "$x$ a; $y$"},
      {"SELECT 1; /* a /* b */", Kind::unterminated_comment, "/* a /* b */"},
      {"CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END",
       Kind::unfinished_body, "BEGIN ATOMIC SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END"},
      {"COPY t FROM STDIN;\n1\n2\n", Kind::copy_without_end, "COPY t FROM STDIN"},
      {"COPY t FROM STDIN;", Kind::copy_without_end, "COPY t FROM STDIN"},
      {"COPY t FROM STDIN", Kind::copy_without_end, "COPY t FROM STDIN"},
      {"COPY t FROM STDIN; SELECT 1;\n1\n\\.\n", Kind::text_behind_copy, "SELECT 1;"},
      {"\\echo Use \"CREATE EXTENSION x\" to load this file. \\quit\nSELECT 1;", Kind::psql_guard,
       "\\echo Use \"CREATE EXTENSION x\" to load this file. \\quit"},
      {"SELECT 1\n\\echo x \\quit\n;", Kind::psql_command, "\\echo x \\quit"},
      {"\\i other.sql\nSELECT 1;", Kind::psql_command, "\\i other.sql"},
      {"SELECT 1 \\gset\nSELECT 2;", Kind::psql_command, "\\gset"},
      {"SELECT 1;\n\\.\nSELECT 2;", Kind::psql_command, "\\."},
      {"\\copy t from stdin\nit's\n\\.\nSELECT 1;", Kind::psql_command, "\\copy t from stdin"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Reading reading = read(c.text);
    REQUIRE(reading.findings.size() == 1);
    const Finding& finding = reading.findings.front();
    CHECK(finding.kind == c.kind);
    CHECK(c.text.substr(finding.begin, finding.end - finding.begin) == c.found);
  }
}

TEST_CASE("All that is wrong is found", "[sql]") {
  const Reading reading = read("\\set x 1\nSELECT :x;\n\\i a\n\\! ls\nSELECT '1;");
  REQUIRE(reading.findings.size() == 4);
  CHECK(reading.findings[0].begin == 0);
  CHECK(reading.findings[3].kind == Finding::Kind::unterminated_string);
  CHECK(reading.statements == Texts{"SELECT :x", "SELECT '1;"});
}

TEST_CASE("Behind a parenthesis that stays open every semicolon ends a statement", "[sql]") {
  CHECK(split("SELECT (1;2); SELECT (3), (4; COMMIT; SELECT (5);") ==
        Texts{"SELECT (1;2)", "SELECT (3), (4", "COMMIT", "SELECT (5)"});
  CHECK(split("SELECT (1") == Texts{"SELECT (1"});
  CHECK(split("CREATE FUNCTION f(a int BEGIN ATOMIC SELECT 1; END; COMMIT;") ==
        Texts{"CREATE FUNCTION f(a int BEGIN ATOMIC SELECT 1; END", "COMMIT"});
  const Reading reading = read("\\i a\nSELECT (1;\nCOPY t FROM STDIN;\n(\n\\.\n\\i b\n");
  CHECK(reading.statements == Texts{"SELECT (1", "COPY t FROM STDIN"});
  CHECK(reading.data == Texts{"(\n"});
  CHECK(reading.findings.size() == 2);
  StatementReader reader("SELECT 1; SELECT (2;");
  reader.next();
  CHECK_FALSE(reader.parentheses_ignored());
  reader.next();
  CHECK(reader.parentheses_ignored());
}

TEST_CASE("A statement can be read from the middle of a text", "[sql]") {
  StatementReader reader("SELECT 'x; SELECT 2;", 11);
  const auto statement = reader.next();
  REQUIRE(statement.has_value());
  CHECK(statement->begin == 11);
  CHECK(statement->end == 19);
  CHECK_FALSE(reader.next().has_value());
}

}  // namespace pgpm::tests
