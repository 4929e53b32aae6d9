// Random text of SQL pieces, whole and cut by our splitter: the server must answer the pieces one
// by one as it answers the whole message. What it refuses, it refuses at the same character, in the
// same words: its grammar reads the whole message before anything runs.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/sql/statements.h"
#include "engine/text/utf8.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {
namespace {

/// What one message came to.
struct Answer {
  std::vector<std::string> results;  // command tag and first value
  std::string sqlstate, message;
  std::size_t position = 0;  // character, 1-based; 0 = not told

  bool failed() const { return !sqlstate.empty(); }
  bool refused_by_grammar() const { return sqlstate == "42601"; }
};

Answer send(db::Connection& connection, const std::string& sql) {
  Answer answer;
  try {
    for (const db::Result& result : connection.exec_all(sql)) {
      std::string line(result.command_tag());
      if (result.rows() > 0 && result.columns() > 0) line += " " + result.str(0, 0);
      answer.results.push_back(line);
    }
  } catch (const Error& error) {
    RC_ASSERT(error.server().has_value());
    answer.sqlstate = error.server()->sqlstate;
    answer.message = error.server()->message;
    answer.position = error.server()->position;
  }
  return answer;
}

/// The text cut before each statement but the first; nullopt where psql would take a part for
/// itself or wait for data.
std::optional<std::vector<std::string>> cut(const std::string& text) {
  std::vector<std::size_t> begins{0};
  sql::StatementReader reader(text);
  bool first = true;
  while (const auto statement = reader.next()) {
    if (statement->kind == sql::Statement::Kind::copy_in) return std::nullopt;
    if (!first) begins.push_back(statement->begin);
    first = false;
  }
  for (const sql::Finding& finding : reader.findings())
    if (finding.kind == sql::Finding::Kind::psql_command ||
        finding.kind == sql::Finding::Kind::psql_guard)
      return std::nullopt;
  std::vector<std::string> pieces;
  begins.push_back(text.size());
  for (std::size_t i = 0; i + 1 < begins.size(); ++i)
    pieces.push_back(text.substr(begins[i], begins[i + 1] - begins[i]));
  return pieces;
}

/// The pieces one by one, put together as the server would have put the whole: an error of its
/// grammar comes first, wherever it is; any other ends the message.
Answer send_pieces(db::Connection& connection, const std::vector<std::string>& pieces) {
  Answer all;
  bool stopped = false;
  std::size_t characters = 0;
  for (const std::string& piece : pieces) {
    Answer one = send(connection, piece);
    if (one.position != 0) one.position += characters;
    characters += count_characters(piece);
    if (one.refused_by_grammar()) return one;
    if (stopped) continue;
    all.results.insert(all.results.end(), one.results.begin(), one.results.end());
    stopped = one.failed();
    if (stopped) {
      one.results.clear();
      all = one;
    }
  }
  return all;
}

rc::Gen<std::string> value() {
  return rc::gen::element<std::string>(
      "1", "'a;b'", "'it''s;'", "E'\\';'", "E'\\\\'", "'\\'", "$$;$$", "$x$;$$'$x$",
      "$größe$;$größe$", "U&'\\0061;'", "B'01'", "N';'", "(1)", "((2))", "(SELECT ';')",
      "'a;'\n'b;'", "E'a\\''\n'\\';'", "'a' -- ; c\n'b'", "1/* ; */", "2/* /* ; */ ; */", "3-- ;\n",
      "-1", "4 --5;\n", "1.5e3", ".5", "ARRAY[1,2]", "CASE WHEN true THEN ';' END", "'1'::int",
      "1 <> 2", "- - 3", "@-4", "5!=6", "'x' || $$;$$", "(1, ';')::text");
}

rc::Gen<std::string> statement() {
  return rc::gen::weightedOneOf<std::string>(
      {{8, rc::gen::map(value(), [](const std::string& v) { return "SELECT " + v; })},
       {2, rc::gen::map(rc::gen::pair(value(), value()),
                        [](const std::pair<std::string, std::string>& v) {
                          return "VALUES (" + v.first + ", " + v.second + ")";
                        })},
       {1,
        rc::gen::element<std::string>(
            "DO $$ BEGIN PERFORM 1; END $$", "SET LOCAL work_mem = '1MB'", "SHOW server_encoding",
            "CREATE OR REPLACE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS "
            "'SELECT 1; SELECT 2'",
            "CREATE OR REPLACE FUNCTION pg_temp.g() RETURNS int AS $$ BEGIN RETURN 1; END; $$ "
            "LANGUAGE plpgsql",
            "SELECT 1 AS \"x;\"\"y\", 2 AS x$y, 'ä;' AS ü",
            "SELECT begin FROM (SELECT 1 AS begin) atomic")}});
}

/// What breaks things: each may stand anywhere.
rc::Gen<std::string> noise() {
  return rc::gen::element<std::string>("(", ")", "'", "\"", "$$", "$x$", "/*", "*/", "--", "E'",
                                       "U&\"", "BEGIN ATOMIC", "END", "$1", "[", ":", "::", "@",
                                       "#", "ä", "\r", "\t", "CREATE FUNCTION", "0x", "1a", "'\n'",
                                       "&&", "--\n", ";SELECT 1/0;", ";TABLE missing;");
}

rc::Gen<std::string> separator() {
  return rc::gen::element<std::string>(";", " ;\n", "; ;", ";-- ;\n", "; /* ; */ ", ";\r\n", ";\f",
                                       "\n;\n");
}

enum class Noise { none, some };

rc::Gen<std::string> sql_text(Noise kind) {
  const auto ended =
      rc::gen::map(rc::gen::pair(statement(), separator()),
                   [](const std::pair<std::string, std::string>& p) { return p.first + p.second; });
  const std::size_t broken = kind == Noise::none ? 0 : 1;
  const auto piece = rc::gen::weightedOneOf<std::string>({{8, ended}, {broken, noise()}});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& one : pieces) text += one;
                        return text;
                      });
}

}  // namespace

TEST_CASE("the server answers pieces of any text as it answers the whole") {
  TestDatabase database;
  database.exec("SET client_min_messages = error");
  CHECK(rc::check("whole and split are answered alike", [&] {
    const std::string text = *sql_text(*rc::gen::element(Noise::none, Noise::some));
    const auto pieces = cut(text);
    RC_PRE(pieces.has_value());
    const Answer whole = send(database.connection(), text);
    const Answer split = send_pieces(database.connection(), *pieces);
    RC_CLASSIFY(whole.refused_by_grammar(), "refused");
    RC_CLASSIFY(whole.failed() && !whole.refused_by_grammar(), "failed");
    RC_CLASSIFY(!whole.failed() && pieces->size() > 2, "ran, of several statements");
    RC_ASSERT(split.sqlstate == whole.sqlstate);
    RC_ASSERT(split.message == whole.message);
    RC_ASSERT(split.position == whole.position);
    RC_ASSERT(split.results == whole.results);
  }));
}

}  // namespace pgpm::tests
