#include "engine/sql/fingerprint.h"

#include <catch2/catch.hpp>
#include <string>

#include "engine/text/digest.h"

namespace pgpm::tests {

using sql::fingerprint;

TEST_CASE("Comments, white space and keyword case do not count", "[sql]") {
  struct Case {
    std::string a, b;
  };
  const Case cases[] = {
      {"SELECT 1", "select   1 ;\n\n"},
      {"SELECT a,b FROM t", "select A , B\n\tfrom T;"},
      {"SELECT 1; SELECT 2;", "-- first\nSELECT 1;\n/* /* second */ */ SELECT 2 -- end"},
      {"SELECT a=-1", "SELECT a = -1"},
      {"SELECT a+-b", "SELECT a + - b"},
      {"SELECT x::int", "SELECT x :: int"},
      {"f(a=>1)", "f ( a => 1 )"},
      {"SELECT 'a'\n'b'", "SELECT 'a' -- x\n\n   'b'"},
      {"SELECT 1;;;", "SELECT 1"},
      {"", "-- nothing\n ;"},
      {"SELECT e'a', x'1f', u&\"d\"", "SELECT E'a', X'1f', U&\"d\""},
      {"SELECT 1E5", "select 1e5"},
      {"\xEF\xBB\xBF"
       "1",
       "\xEF\xBB\xBF 1"},
      {"CREATE TABLE a (b int);\r\nSELECT 1;\r\n", "create table A(B INT);\nselect 1;\n"},
      {"COPY t FROM STDIN;\n1\n\\.\nSELECT 1;",
       "copy t\nfrom stdin; -- data\n1\n\\.\n\n\nselect 1"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.a, c.b);
    CHECK(fingerprint(c.a) == fingerprint(c.b));
  }
}

TEST_CASE("Everything else does", "[sql]") {
  struct Case {
    std::string a, b;
  };
  const Case cases[] = {
      {"SELECT 1", "SELECT 2"},
      {"SELECT 'a'", "SELECT 'A'"},
      {"SELECT 'a  b'", "SELECT 'a b'"},
      {"SELECT \"a\"", "SELECT \"A\""},
      {"SELECT \"a\"", "SELECT a"},
      {"SELECT 'a'", "SELECT \"a\""},
      {"SELECT ab", "SELECT a b"},
      {"SELECT 1; SELECT 2", "SELECT 1 SELECT 2"},
      {"SELECT 12", "SELECT 1 2"},
      {"SELECT a <= b", "SELECT a < = b"},
      {"SELECT 'a'\n'b'", "SELECT 'a' 'b'"},
      {"SELECT 'a'\n'b'", "SELECT 'ab'"},
      {"SELECT 'a''b'", "SELECT 'a' 'b'"},
      {"SELECT $$a$$", "SELECT $$A$$"},
      {"SELECT $$a b$$", "SELECT $$a  b$$"},
      {"SELECT $$ -- x\n$$", "SELECT $$ -- y\n$$"},
      {"SELECT E'a'", "SELECT 'a'"},
      {"SELECT E'\\x'", "SELECT E'\\X'"},
      {"SELECT É", "SELECT é"},
      {"SELECT (1), 2", "SELECT (1, 2)"},
      {"COPY t FROM STDIN;\na\n\\.\n", "COPY t FROM STDIN;\nA\n\\.\n"},
      {"COPY t FROM STDIN;\na b\n\\.\n", "COPY t FROM STDIN;\na  b\n\\.\n"},
      {"COPY t FROM STDIN;\na\n-- x\n\\.\n", "COPY t FROM STDIN;\na\n-- y\n\\.\n"},
      {"COPY t FROM STDIN;\nx\n\\.\nVACUUM", "COPY t FROM STDIN;\nx\nvacuum ;\n\\.\n"},
      {"SELECT 1 \\gset", "SELECT 1"},
      {"SELECT 'a", "SELECT 'a'"},
      {"SELECT 1", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.a, c.b);
    CHECK(fingerprint(c.a) != fingerprint(c.b));
  }
}

TEST_CASE("The normal form never changes: fingerprints are kept in databases", "[sql]") {
  CHECK(fingerprint("") == sha256_hex(""));
  CHECK(fingerprint("SELECT A, 'B' -- c\n;") == sha256_hex("select a , 'B' ;\n"));
  CHECK(fingerprint("COPY t FROM STDIN;\nX\n\\.\nVACUUM") ==
        sha256_hex("copy t from stdin ;\nX\n\\.\nvacuum ;\n"));
}

TEST_CASE("Long scripts are hashed in pieces without a seam", "[sql]") {
  std::string text, normal;
  for (int i = 0; i < 30000; ++i) {
    text += "INSERT INTO t VALUES (" + std::to_string(i) + ");\n";
    normal += "insert into t values ( " + std::to_string(i) + " ) ;\n";
  }
  CHECK(fingerprint(text) == sha256_hex(normal));
}

}  // namespace pgpm::tests
