// Where deploy.sql is cut: a table of cases. The head ends with the first statement that ends a
// transaction.
#include "engine/session/script_units.h"

#include <catch2/catch.hpp>
#include <string>

using namespace pgpm;

namespace {

std::size_t units(const std::string& text) {
  return split_units(text).size();
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return result;
}

/// The texts of the units.
std::vector<std::string> texts(const std::string& text) {
  std::vector<std::string> result;
  for (const ScriptUnit& unit : split_units(text))
    result.push_back(text.substr(unit.begin, unit.end - unit.begin));
  return result;
}

}  // namespace

TEST_CASE("scripts that are one unit") {
  const char* const single[] = {
      "",
      "-- nothing\n",
      "SELECT 1;",
      "SELECT 1; SELECT 2;",
      "BEGIN; SELECT 1;",
      "BEGIN; SELECT 1; COMMIT;",
      "BEGIN; SELECT 1; COMMIT",
      "BEGIN;\nSELECT 1;\nCOMMIT;\n-- the end\n/* really */\n",
      "BEGIN; SAVEPOINT a; ROLLBACK TO a; SELECT 1;",
      "BEGIN; SAVEPOINT a; ROLLBACK TO SAVEPOINT a; SELECT 1;",
      "BEGIN; SAVEPOINT a; ROLLBACK WORK TO a; SELECT 1;",
      "BEGIN; SAVEPOINT a; ROLLBACK TRANSACTION TO SAVEPOINT a; SELECT 1;",
      "BEGIN; SAVEPOINT a; ABORT TRANSACTION TO a; SELECT 1;",
      "COMMIT PREPARED 'x'; SELECT 1;",
      "ROLLBACK PREPARED 'x'; SELECT 1;",
      "PREPARE TRANSACTION 'x'; SELECT 1;",
      "DO $$ BEGIN COMMIT; END $$; SELECT 1;",
      "DO $x$ BEGIN; COMMIT; $$ END; $x$; SELECT 1;",
      "SELECT 'a; COMMIT; b'; SELECT 1;",
      "SELECT E'it\\'s; COMMIT; '; SELECT 1;",
      "SELECT \"a; COMMIT;\" FROM t; SELECT 1;",
      "/* COMMIT; */ SELECT 1; -- COMMIT;\nSELECT 2;",
      "/* a /* COMMIT; */ COMMIT; */ SELECT 1;",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 1;",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; SELECT "
      "1;",
      "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 1;",
      "SELECT commit FROM t; SELECT rollback, abort FROM t;",
      "SELECT date'a\\'; SELECT 1;",
  };
  for (const std::string text : single) {
    INFO(text);
    CHECK(units(text) == 1);
    CHECK(units(with_crlf(text)) == 1);
    CHECK(texts(text).front() == text);
  }
}

TEST_CASE("scripts with a tail") {
  const std::pair<const char*, std::size_t> split[] = {
      {"COMMIT; SELECT 1;", 2},
      {"BEGIN; SELECT 1; COMMIT; SELECT 2;", 2},
      {"BEGIN; SELECT 1; COMMIT; SELECT 2", 2},
      {"BEGIN; COMMIT; BEGIN; SELECT 1; COMMIT;", 4},
      {"BEGIN; END; SELECT 1;", 2},
      {"BEGIN; END TRANSACTION; SELECT 1;", 2},
      {"BEGIN; COMMIT WORK; SELECT 1;", 2},
      {"BEGIN; COMMIT TRANSACTION; SELECT 1;", 2},
      {"BEGIN; COMMIT AND CHAIN; SELECT 1; COMMIT;", 3},
      {"BEGIN; COMMIT AND NO CHAIN; SELECT 1;", 2},
      {"BEGIN; ROLLBACK; SELECT 1;", 2},
      {"BEGIN; ROLLBACK AND CHAIN; SELECT 1;", 2},
      {"BEGIN; ROLLBACK WORK; SELECT 1;", 2},
      {"BEGIN; ABORT; SELECT 1;", 2},
      {"begin; commit; select 1;", 2},
      {"BEGIN; /* x */ COMMIT /* y */ ; SELECT 1;", 2},
      {"BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT; SELECT 1;", 2},
      {"COMMIT; CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 1;", 3},
      {"COMMIT; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 1;",
       3},
      {"COMMIT; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN (SELECT 2) "
       "END; END; SELECT 1;",
       3},
      {"COMMIT; CREATE PROCEDURE p() BEGIN ATOMIC END; SELECT 1;", 3},
      {"COMMIT; SELECT begin, atomic FROM t; SELECT 1;", 3},
      {"COMMIT; SELECT 'a\\'; SELECT 1;", 3},
      {"COMMIT; SELECT E'a\\\\'; SELECT 1;", 3},
      {"COMMIT; SELECT date'a\\'; SELECT 1;", 3},
      {"COMMIT; SELECT \"a'b\"; SELECT \"a--b\"; SELECT \"a/*b\"; SELECT \"a$tag$b\"; SELECT 1;",
       6},
      {"COMMIT; DO $$ BEGIN a; b; END $$; SELECT 1;", 3},
      {"COMMIT; CREATE INDEX CONCURRENTLY i ON t (a); VACUUM t;", 3},
      {"COMMIT;;; ; SELECT 1;", 2},
  };
  for (const auto& [text, count] : split) {
    INFO(text);
    CHECK(units(text) == count);
    CHECK(units(with_crlf(text)) == count);
  }
}

TEST_CASE("units are pieces of the text in its order") {
  CHECK(texts("BEGIN;\nSELECT 1;\nCOMMIT ;\n-- a\nVACUUM t ; SELECT\n 2") ==
        std::vector<std::string>{"BEGIN;\nSELECT 1;\nCOMMIT ;", "VACUUM t", "SELECT\n 2"});
  CHECK(texts("COMMIT; SELECT 'ä'").back() == "SELECT 'ä'");
}

TEST_CASE("thousands of statements in the tail are split in one pass") {
  std::string text = "BEGIN; COMMIT;\n";
  for (int i = 0; i < 20000; ++i) text += "SELECT 1;\n";
  const std::vector<ScriptUnit> all = split_units(text);
  CHECK(all.size() == 20001);
  CHECK(all.back().end == text.size() - 2);
}

TEST_CASE("who opens the transaction of a macro") {
  const auto who = [](const std::string& text) {
    return head_transaction(text, find_test_macros(text));
  };
  CHECK(who("SELECT 1;") == HeadTransaction::as_written);
  CHECK(who("BEGIN; CALL pgmi_test(); COMMIT;") == HeadTransaction::as_written);
  CHECK(who("START TRANSACTION; CALL pgmi_test(); COMMIT;") == HeadTransaction::as_written);
  CHECK(who("SELECT 1; CALL pgmi_test(); COMMIT;") == HeadTransaction::begin);
  CHECK(who("CALL pgmi_test(); BEGIN; COMMIT;") == HeadTransaction::begin);
  CHECK(who("CALL pgmi_test();") == HeadTransaction::begin_and_commit);
  CHECK(who("SELECT 1; COMMIT; CALL pgmi_test();") == HeadTransaction::as_written);
  CHECK(who("DO $$ BEGIN END $$; CALL pgmi_test(); COMMIT;") == HeadTransaction::begin);
}
