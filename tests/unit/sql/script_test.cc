#include "engine/sql/script.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {
namespace {

using sql::Script;
using sql::Statement;
using Texts = std::vector<std::string>;
using Parsed = std::shared_ptr<const Script>;

Texts texts(const Script& script) {
  Texts all;
  for (const Statement& statement : script.statements()) {
    all.emplace_back(
        script.source().bytes().substr(statement.begin, statement.end - statement.begin));
  }
  return all;
}

/// "error 1:5 message" per problem.
Texts problems(const Script& script) {
  Texts all;
  for (const Diagnostic& problem : script.problems()) {
    all.push_back((problem.severity == Severity::error ? "error " : "warning ") +
                  std::to_string(problem.where.line) + ':' + std::to_string(problem.where.column) +
                  ' ' + problem.message);
  }
  return all;
}

Parsed parse(std::string bytes, std::string file = "deploy/x.sql") {
  return Script::parse(std::move(file), std::move(bytes));
}

/// A script without problems.
Parsed sound(std::string bytes, std::string file = "deploy/x.sql") {
  const Parsed script = parse(std::move(bytes), std::move(file));
  CAPTURE(script->source().bytes());
  CHECK(problems(*script) == Texts{});
  CHECK_FALSE(script->has_errors());
  return script;
}

}  // namespace

TEST_CASE("A script without anything to blank is sent as it is", "[sql]") {
  const std::string text = "-- Deploy x to pg\n\nCREATE TABLE a (b int);\r\nSELECT 1";
  const Parsed script = sound(text);
  CHECK(script->sendable() == text);
  CHECK(script->sendable().data() == script->source().bytes().data());
  CHECK(script->source().file() == "deploy/x.sql");
  CHECK(script->source().bytes() == text);
  CHECK(texts(*script) == Texts{"CREATE TABLE a (b int)", "SELECT 1"});
  CHECK(script->transactional());
  CHECK_FALSE(script->has_copy_data());
  CHECK(script->header().change == "x");
}

TEST_CASE("The outer transaction is blanked in place", "[sql]") {
  struct Case {
    std::string text, sent;
    Texts statements;
  };
  const Case cases[] = {
      {"BEGIN;\nSELECT 1;\nCOMMIT;\n", "      \nSELECT 1;\n       \n", {"SELECT 1"}},
      {"begin work;SELECT 1;end work", "           SELECT 1;        ", {"SELECT 1"}},
      {"START TRANSACTION;SELECT 1;END;", "                  SELECT 1;    ", {"SELECT 1"}},
      {"BEGIN\nTRANSACTION ;\r\nSELECT 1;COMMIT\r\n;",
       "     \n             \r\nSELECT 1;      \r\n ",
       {"SELECT 1"}},
      {"-- Deploy x\nBEGIN; -- go\nSELECT 1; /* COMMIT; */\nCOMMIT; -- done",
       "-- Deploy x\n       -- go\nSELECT 1; /* COMMIT; */\n        -- done",
       {"SELECT 1"}},
      {"BEGIN;COMMIT;", "             ", {}},
      {"BEGIN; SELECT 1; COMMIT AND NO CHAIN;",
       "       SELECT 1;                     ",
       {"SELECT 1"}},
      {";;BEGIN;SELECT 1;COMMIT;;", ";;      SELECT 1;       ;", {"SELECT 1"}},
      {"BEGIN /* é */ ;SELECT 1;COMMIT;", "                SELECT 1;       ", {"SELECT 1"}},
      {"BEGIN;SAVEPOINT a;ROLLBACK TO a;RELEASE a;COMMIT;",
       "      SAVEPOINT a;ROLLBACK TO a;RELEASE a;       ",
       {"SAVEPOINT a", "ROLLBACK TO a", "RELEASE a"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Parsed script = sound(c.text);
    CHECK(script->sendable() == c.sent);
    CHECK(script->sendable().size() == c.text.size());
    CHECK(script->source().bytes() == c.text);
    CHECK(texts(*script) == c.statements);
    CHECK(script->transactional());
  }
}

TEST_CASE("A byte order mark is blanked, but stays in the source", "[sql]") {
  const std::string text = "\xEF\xBB\xBF-- Deploy x to pg\nSELECT 1;";
  const Parsed script = sound(text);
  CHECK(script->sendable() == "   -- Deploy x to pg\nSELECT 1;");
  CHECK(script->source().bytes() == text);
  CHECK(script->header().change == "x");
  CHECK(sound("\xEF\xBB\xBF"
              "BEGIN;SELECT 1;COMMIT;")
            ->sendable() == "         SELECT 1;       ");
  CHECK(sound("\xEF\xBB\xBF")->sendable() == "   ");
  // In the middle it is an ordinary character.
  CHECK(sound("SELECT '\xEF\xBB\xBF';")->sendable() == "SELECT '\xEF\xBB\xBF';");
}

TEST_CASE("psql guard lines are blanked", "[sql]") {
  const std::string guard = "\\echo Use \"CREATE EXTENSION x\" to load this file. \\quit";
  const Parsed script = sound(guard + "\r\nSELECT 1;\n  \\echo \\q  \nSELECT 2;");
  CHECK(script->sendable() ==
        std::string(guard.size(), ' ') + "\r\nSELECT 1;\n            \nSELECT 2;");
  CHECK(texts(*script) == Texts{"SELECT 1", "SELECT 2"});
}

TEST_CASE("Empty scripts and scripts of comments have nothing to send", "[sql]") {
  for (const std::string text :
       {"", "\n", "-- Deploy x to pg\n\n-- nothing yet\n", "/* */;;\n", "\r\n"}) {
    const Parsed script = sound(text);
    CHECK(script->statements().empty());
    CHECK(script->sendable() == text);
    CHECK(script->transactional());
  }
}

TEST_CASE("Parts are rendered with their blanks", "[sql]") {
  const Parsed script = sound("BEGIN;\nSELECT 1;\nCOMMIT; -- x");
  std::string out = "-- ";
  script->append_sendable(out);
  CHECK(out == "-- " + std::string(script->sendable()));
  const std::string all(script->sendable());
  for (std::size_t begin = 0; begin <= all.size(); ++begin) {
    for (std::size_t end = begin; end <= all.size(); ++end) {
      std::string part = "<";
      script->append_sendable(part, begin, end);
      REQUIRE(part == "<" + all.substr(begin, end - begin));
    }
  }
}

TEST_CASE("Only a verify script may end with ROLLBACK", "[sql]") {
  const std::string text = "BEGIN;\nSELECT 1/count(*) FROM t;\nROLLBACK;\n";
  const std::string blanked = "      \nSELECT 1/count(*) FROM t;\n         \n";
  CHECK(sound(text, "verify/x.sql")->sendable() == blanked);
  CHECK(sound(text, "extensions/app/verify/a/b.sql")->sendable() == blanked);
  CHECK(sound("-- Verify x on pg\n" + text, "x.sql")->sendable() ==
        "-- Verify x on pg\n" + blanked);
  // A module whose own folder is called like one of ours: the header decides.
  CHECK(sound("-- Verify x on pg\n" + text, "deploy/verify/x.sql")->sendable() ==
        "-- Verify x on pg\n" + blanked);
  const Texts refused{"error 3:1 ROLLBACK at the end of a script that is to last"};
  CHECK(problems(*parse(text, "deploy/x.sql")) == refused);
  CHECK(problems(*parse(text, "revert/x.sql")) == refused);
  CHECK(problems(*parse(text, "x.sql")) == refused);
  CHECK(problems(*parse(text, "verify/deploy/x.sql")) == refused);
  CHECK(problems(*parse("-- Verify x on pg\n" + text, "deploy/x.sql")).size() == 1);
  // COMMIT is fine everywhere.
  sound("BEGIN; SELECT 1; COMMIT;", "verify/x.sql");
}

TEST_CASE("Transaction statements in the wrong place are problems", "[sql]") {
  struct Case {
    std::string text;
    Texts problems;
  };
  const Case cases[] = {
      {"BEGIN;\nSELECT 1;", {"error 1:1 BEGIN without a COMMIT at the end of the script"}},
      {"SELECT 1;\nCOMMIT;", {"error 2:1 COMMIT without a BEGIN at the start of the script"}},
      {"COMMIT;", {"error 1:1 COMMIT without a BEGIN at the start of the script"}},
      {"SELECT 1; ROLLBACK;", {"error 1:11 ROLLBACK in the middle of the script"}},
      {"BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\nCOMMIT;",
       {"error 3:1 COMMIT in the middle of the script",
        "error 4:1 BEGIN in the middle of the script"}},
      {"SET x = 1;\nBEGIN;\nSELECT 1;\nCOMMIT;",
       {"error 2:1 BEGIN in the middle of the script",
        "error 4:1 COMMIT in the middle of the script"}},
      {"BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;",
       {"error 1:1 BEGIN in the middle of the script",
        "error 3:1 COMMIT in the middle of the script"}},
      {"SELECT 1; BEGIN;", {"error 1:11 BEGIN in the middle of the script"}},
      {"BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT;",
       {"error 1:18 COMMIT AND CHAIN leaves a transaction open"}},
      {"COMMIT AND CHAIN;", {"error 1:1 COMMIT AND CHAIN leaves a transaction open"}},
      {"PREPARE TRANSACTION 'x';",
       {"error 1:1 PREPARE TRANSACTION 'x' takes the transaction out of the engine's hands"}},
      {"BEGIN; ROLLBACK PREPARED 'x'; COMMIT;",
       {"error 1:8 ROLLBACK PREPARED 'x' takes the transaction out of the engine's hands"}},
      {"SAVEPOINT pgpm_a;",
       {"error 1:1 SAVEPOINT pgpm_a: savepoint names that begin with pgpm_ are reserved"}},
      {"RELEASE \"pgpm_a\";",
       {"error 1:1 RELEASE \"pgpm_a\": savepoint names that begin with pgpm_ are reserved"}},
      {"ROLLBACK TO PGPM_A;",
       {"error 1:1 ROLLBACK TO PGPM_A: savepoint names that begin with pgpm_ are reserved"}},
      {"ROLLBACK TO U&\"\\0070gpm_a\";",
       {"error 1:1 ROLLBACK TO U&\"\\0070gpm_a\": savepoint names that begin with pgpm_ are "
        "reserved"}},
      {"BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;",
       {"warning 1:1 BEGIN ISOLATION LEVEL SERIALIZABLE: its modes have no effect, because the "
        "engine runs the "
        "script in its own transaction"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Parsed script = parse(c.text);
    CHECK(problems(*script) == c.problems);
    CHECK(script->has_errors() == (c.problems.front().substr(0, 5) == "error"));
    for (const Diagnostic& problem : script->problems()) CHECK_FALSE(problem.hint.empty());
  }
}

TEST_CASE("The hint names the way out", "[sql]") {
  const Parsed script = parse("SELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;");
  REQUIRE(script->problems().size() == 2);
  const Diagnostic& problem = script->problems()[0];
  CHECK(problem.where.to_string() == "deploy/x.sql:2:1");
  CHECK(problem.source_line == "COMMIT;");
  CHECK(problem.hint.find("-- pgpm: no-transaction") != std::string::npos);
}

TEST_CASE("Savepoints of the author's are left to him", "[sql]") {
  const Parsed script =
      sound("SAVEPOINT a; SELECT 1; ROLLBACK TO SAVEPOINT a; RELEASE SAVEPOINT a;");
  CHECK(script->statements().size() == 4);
  CHECK(script->sendable() == script->source().bytes());
}

TEST_CASE("Without a transaction the author's own are left as they are", "[sql]") {
  const std::string text =
      "-- Deploy x\n-- pgpm: no-transaction\nBEGIN;\nSELECT 1;\nCOMMIT;\nCREATE INDEX CONCURRENTLY "
      "i ON t (a);\n"
      "BEGIN; SELECT 2; ROLLBACK; BEGIN; PREPARE TRANSACTION 'x'; COMMIT PREPARED 'x';";
  const Parsed script = sound(text);
  CHECK_FALSE(script->transactional());
  CHECK(script->sendable() == text);
  CHECK(script->statements().size() == 10);
  // Also a single pair.
  CHECK(sound("-- pgpm: no-transaction\nBEGIN; CALL p(); COMMIT;")->statements().size() == 3);
}

TEST_CASE("A statement that refuses transactions makes the script non-transactional", "[sql]") {
  const Parsed plain = sound("CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);");
  CHECK_FALSE(plain->transactional());
  CHECK_FALSE(plain->statements()[0].refuses_transaction);
  CHECK(plain->statements()[1].refuses_transaction);
  // Transactions around the other statements stay.
  const Parsed mixed = sound("BEGIN;\nSELECT 1;\nCOMMIT;\nVACUUM t;\nBEGIN;\nSELECT 2;\nCOMMIT;");
  CHECK_FALSE(mixed->transactional());
  CHECK(mixed->statements().size() == 7);
  // A pair around everything could never have worked: it is habit.
  const Parsed habit = parse("BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;");
  CHECK(problems(*habit) == Texts{"warning 1:1 BEGIN and its end are left out, because a statement "
                                  "between them refuses transactions"});
  CHECK_FALSE(habit->has_errors());
  CHECK_FALSE(habit->transactional());
  CHECK(texts(*habit) == Texts{"CREATE INDEX CONCURRENTLY i ON t (a)"});
  // Concurrently refreshed views do not need it.
  CHECK(sound("REFRESH MATERIALIZED VIEW CONCURRENTLY v;")->transactional());
}

TEST_CASE("A transaction must not be left open", "[sql]") {
  const std::string message = ": this transaction is still open at the end of the script";
  CHECK(problems(*parse("-- pgpm: no-transaction\nBEGIN;\nSELECT 1;")) ==
        Texts{"error 2:1 BEGIN" + message});
  CHECK(problems(*parse("BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nVACUUM;")) ==
        Texts{"error 4:1 BEGIN" + message});
  CHECK(problems(*parse("-- pgpm: no-transaction\nBEGIN; COMMIT AND CHAIN;")) ==
        Texts{"error 2:8 COMMIT AND CHAIN" + message});
  sound("-- pgpm: no-transaction\nBEGIN; COMMIT AND CHAIN; ROLLBACK;");
}

TEST_CASE("psql commands are problems with a place, a line and a way out", "[sql]") {
  const Parsed script = parse("-- Deploy x\n\\set ON_ERROR_STOP on\nSELECT é, 1 \\gset\n;");
  CHECK(problems(*script) == Texts{"error 2:1 psql command \\set is not supported",
                                   "error 3:13 psql command \\gset is not supported"});
  CHECK(script->problems()[0].source_line == "\\set ON_ERROR_STOP on");
  CHECK(script->problems()[1].source_line == "SELECT é, 1 \\gset");
  CHECK(script->problems()[0].where.file == "deploy/x.sql");
  CHECK_FALSE(script->problems()[0].hint.empty());
}

TEST_CASE("psql commands do not hide wrong transaction statements", "[sql]") {
  CHECK(problems(*parse("\\i a.sql\nCOMMIT;")).size() == 2);
}

TEST_CASE("Bytes that are no text are refused with their place", "[sql]") {
  using std::string_literals::operator""s;
  CHECK(problems(*parse("SELECT 1;\nSELECT '\0';"s)) == Texts{"error 2:9 NUL byte"});
  CHECK(problems(*parse("SELECT 1;\n-- caf\xE9\nCOMMIT;")) ==
        Texts{"error 2:7 invalid UTF-8 (byte 0xe9)"});
  CHECK(problems(*parse("COPY t FROM STDIN;\n\xFF\n\\.\n")) ==
        Texts{"error 2:1 invalid UTF-8 (byte 0xff)"});
  CHECK(problems(*parse("\xFF\xFES\0E\0"s)) == Texts{"error 1:1 the file is UTF-16"});
  CHECK(problems(*parse("\xFE\xFF\0S"s)) == Texts{"error 1:1 the file is UTF-16"});
  CHECK_FALSE(parse("a\xC3")->problems().at(0).hint.empty());
}

TEST_CASE("An open parenthesis is the server's to judge", "[sql]") {
  const auto script = Script::parse("deploy/a.sql", "SELECT 1;\nCREATE TABLE t (a int;\nSELECT 2;");
  CHECK(script->problems().empty());
  CHECK(script->statements().size() == 3);
  CHECK(script->has_open_parenthesis());
  CHECK_FALSE(parse("SELECT (1);")->has_open_parenthesis());
}

TEST_CASE("An open parenthesis hides no transaction statement", "[sql]") {
  const Parsed outer = parse("BEGIN;\nCREATE TABLE t (a int;\nCOMMIT;\n");
  CHECK(outer->problems().empty());
  CHECK(outer->sendable() == "      \nCREATE TABLE t (a int;\n       \n");
  CHECK(problems(*parse("COMMIT;\nSELECT (1;")).size() == 1);
  CHECK(problems(*parse("SELECT (1;\nSELECT 2;\nCOMMIT;")).size() == 1);
}

TEST_CASE("Text that does not close is refused with its place", "[sql]") {
  struct Case {
    std::string text, problem;
  };
  const Case cases[] = {
      {"SELECT 1;\nSELECT 'a;\nCOMMIT;", "error 2:8 unterminated string"},
      {"SELECT \"a;", "error 1:8 unterminated quoted identifier"},
      {"BEGIN;\nDO $x$ BEGIN END $y$;\nCOMMIT;", "error 2:4 unterminated dollar-quoted string"},
      {"BEGIN;\nSELECT 1; /* ... ;\nCOMMIT;", "error 2:11 unterminated comment"},
      {"CREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC\nSELECT 1;",
       "error 2:1 BEGIN ATOMIC without its END"},
      {"COPY t FROM STDIN;\n1\n", "error 1:1 COPY ... FROM STDIN without the end of its data"},
      {"COPY t FROM STDIN; SELECT 1;\n1\n\\.\n",
       "error 1:20 text behind COPY ... FROM STDIN; on the same line"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Parsed script = parse(c.text);
    CHECK(problems(*script) == Texts{c.problem});
    CHECK_FALSE(script->problems()[0].hint.empty());
  }
  CHECK(parse("DO $x$")->problems()[0].hint.find("$x$") != std::string::npos);
}

TEST_CASE("COPY data is found in its script", "[sql]") {
  const Parsed script =
      sound("BEGIN;\nCOPY t FROM STDIN;\nCOMMIT;\n\\i\n\\.\nCOPY t TO STDOUT;\nCOMMIT;");
  CHECK(script->has_copy_data());
  REQUIRE(script->statements().size() == 2);
  const Statement& copy = script->statements()[0];
  CHECK(copy.kind == Statement::Kind::copy_in);
  CHECK(script->source().bytes().substr(copy.data_begin, copy.data_end - copy.data_begin) ==
        "COMMIT;\n\\i\n");
  CHECK(script->statements()[1].kind == Statement::Kind::copy_out);
  CHECK_FALSE(sound("COPY t TO STDOUT;")->has_copy_data());
}

TEST_CASE("A misspelt directive is pointed out", "[sql]") {
  const Parsed script = parse("-- Deploy x\n-- pgpm: no-transacton\nSELECT 1;");
  CHECK(problems(*script) == Texts{"warning 2:10 unknown directive no-transacton"});
  CHECK(script->problems()[0].hint == "did you mean no-transaction?");
  CHECK_FALSE(script->has_errors());
  CHECK(parse("-- pgpm: frobnicate")->problems()[0].hint ==
        "known are no-transaction and irreversible");
}

TEST_CASE("Problems come by place", "[sql]") {
  const Parsed script = parse("-- pgpm: x\nSELECT 1;\nCOMMIT;\n\\i a\nBEGIN;\n\\i b\n");
  std::size_t line = 0;
  CHECK(script->problems().size() == 5);
  for (const Diagnostic& problem : script->problems()) {
    CHECK(problem.where.line > line);
    line = problem.where.line;
  }
}

TEST_CASE("A file that is wrong everywhere is not reported line by line", "[sql]") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "\\i x\n";
  const Parsed script = parse(text);
  REQUIRE(script->problems().size() == 101);
  CHECK(script->problems()[99].where.line == 100);
  CHECK(script->problems()[100].message == "4900 more problems");
  CHECK(script->problems()[100].where.to_string() == "deploy/x.sql");
  // Nor is a line shown that is longer than any screen.
  const Parsed wide = parse("SELECT " + std::string(5000, '1') + "; COMMIT;");
  REQUIRE(wide->problems().size() == 1);
  CHECK(wide->problems()[0].where.column == 5010);
  CHECK(wide->problems()[0].source_line.empty());
}

TEST_CASE("A long statement is quoted shortly and on one line", "[sql]") {
  const Parsed script = parse("BEGIN\n" + std::string(100, ' ') + "WORK;\nSELECT 1;");
  REQUIRE(script->problems().size() == 1);
  CHECK(script->problems()[0].message ==
        "BEGIN" + std::string(55, ' ') + "... without a COMMIT at the end of the script");
}

TEST_CASE("Any bytes can be parsed", "[sql]") {
  const std::string_view pieces[] = {"BEGIN",
                                     ";",
                                     "COMMIT;",
                                     "\n",
                                     "\\i x",
                                     "'",
                                     "$$",
                                     "(",
                                     ")",
                                     "-- pgpm: ",
                                     "COPY t FROM STDIN;",
                                     "\n\\.\n",
                                     "/*",
                                     "*/",
                                     "\xEF\xBB\xBF",
                                     "é",
                                     " ",
                                     "\\echo \\quit\n",
                                     "VACUUM;",
                                     "SAVEPOINT pgpm_x;",
                                     "\xFF",
                                     "END",
                                     "CREATE FUNCTION f() BEGIN ATOMIC ",
                                     "-- Deploy "};
  unsigned state = 3;
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 10; ++i) {
      state = state * 1664525U + 1013904223U;
      text += pieces[(state >> 16U) % std::size(pieces)];
    }
    const Parsed script = parse(text);
    REQUIRE(script->sendable().size() == text.size());
    std::size_t at = 0;
    for (const Statement& statement : script->statements()) {
      REQUIRE(statement.begin >= at);
      REQUIRE(statement.end > statement.begin);
      // What is sent of a statement is what was written.
      REQUIRE(script->sendable().substr(statement.begin, statement.end - statement.begin) ==
              std::string_view(text).substr(statement.begin, statement.end - statement.begin));
      at = std::max(statement.end, statement.data_end);
    }
    REQUIRE(at <= text.size());
  }
}

}  // namespace pgpm::tests
