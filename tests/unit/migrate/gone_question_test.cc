// Which verify scripts can be asked in a PL/pgSQL block, and what they are asked with.
#include "engine/migrate/gone_question.h"

#include <catch2/catch.hpp>

using namespace pgpm;

TEST_CASE("a script that means the same in EXECUTE can be asked there") {
  const std::string text =
      GENERATE("SELECT 1;", "BEGIN; SELECT 1; ROLLBACK;", "", "-- only a comment",
               "SET search_path TO a; WITH x AS (VALUES (1)) TABLE x;", "DO $$ BEGIN END $$",
               "SELECT 'INTO', \"INTO\" FROM t; /* INTO */ VALUES (1)");
  CAPTURE(text);
  CHECK(can_be_asked(*sql::Script::parse("verify/a.sql", text)));
}

TEST_CASE("any other script is sent as it is") {
  const std::string text =
      GENERATE("COPY t FROM STDIN;\n\\.\n", "COPY t TO STDOUT;", "SELECT 1 INTO t;",
               "WITH x AS (SELECT 1) SELECT * INTO t FROM x;", "SAVEPOINT a; SELECT 1;",
               "CREATE TABLE t ();", "CALL p();", "SET Statement_Timeout = 1; SELECT 1;",
               "FETCH c;", "VACUUM t;", "\\set x", "SELECT (1;", "SELECT 'open");
  CAPTURE(text);
  CHECK_FALSE(can_be_asked(*sql::Script::parse("verify/a.sql", text)));
}

TEST_CASE("the question quotes the script for the block, and the block for the server") {
  const auto script = sql::Script::parse("verify/a.sql", "SELECT 'it''s', '\\';");
  const std::string question = gone_question_sql(*script, 7);
  CHECK(question.starts_with("DO LANGUAGE plpgsql E'BEGIN EXECUTE E''SELECT ''''it''''''''s''''"));
  CHECK(question.find("''pgpm.still_there'', ''7''") != std::string::npos);
}
