#include "pgpm/target.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {

TEST_CASE("Another database of the same server", "[model]") {
  Target target;
  target.dsn = Secret("postgres://u:pw@h/a");
  target.user = "someone";
  target.settings = {{"lock_timeout", "5s"}};
  const Target other = target.with_database("b");
  CHECK(other.database == "b");
  CHECK(other.dsn.reveal() == "postgres://u:pw@h/a");
  CHECK(other.user == "someone");
  CHECK(other.settings == target.settings);
  CHECK(target.database.empty());
}

TEST_CASE("Passwords are hidden and nothing else", "[model]") {
  struct Case {
    std::string text, redacted;
  };
  const Case cases[] = {
      // URIs
      {"postgresql://u:secret@host:5432/db", "postgresql://u:***@host:5432/db"},
      {"postgres://u:secret@host", "postgres://u:***@host"},
      {"postgres://:secret@host", "postgres://:***@host"},
      {"postgres://u:s%40cr%2Fet@host/db", "postgres://u:***@host/db"},
      {"postgres://u:p@ss@host/db", "postgres://u:***@host/db"},
      {"postgres://u:pa/ss@host/db", "postgres://u:***@host/db"},
      {"postgres://u:a:b@host/db", "postgres://u:***@host/db"},
      {"postgres://u:secret@[::1]:5432/db", "postgres://u:***@[::1]:5432/db"},
      {"postgres://u:secret@a:1,b:2/db", "postgres://u:***@a:1,b:2/db"},
      {"POSTGRESQL://U:SECRET@HOST", "POSTGRESQL://U:***@HOST"},
      {"postgres://host/db?user=u&password=secret&sslmode=require",
       "postgres://host/db?user=u&password=***&sslmode=require"},
      {"postgres://host/db?password=secret", "postgres://host/db?password=***"},
      {"postgres://host?pass%77ord=secret&x=1", "postgres://host?pass%77ord=***&x=1"},
      {"postgres://u:one@host/db?password=two&sslpassword=three",
       "postgres://u:***@host/db?password=***&sslpassword=***"},
      {"could not use \"postgres://u:secret@host/db\": no",
       "could not use \"postgres://u:***@host/db\": no"},
      // keywords and values
      {"host=h password=secret user=u", "host=h password=*** user=u"},
      {"password=secret", "password=***"},
      {"password = 'a b' user=u", "password = *** user=u"},
      {"password='it\\'s' user=u", "password=*** user=u"},
      {"password='back\\\\' user=u", "password=*** user=u"},
      {"password=a\\ b user=u", "password=*** user=u"},
      {"password\t=\n'x'", "password\t=\n***"},
      {"password='open to the end user=u", "password=***"},
      {"sslpassword=secret sslkey=/k", "sslpassword=*** sslkey=/k"},
      {"PASSWORD=secret HOST=h", "PASSWORD=*** HOST=h"},
      {"PGPASSWORD=secret psql", "PGPASSWORD=*** psql"},
      {"password=a&b user=u", "password=*** user=u"},
      {"\"host=h password=secret\"", "\"host=h password=***\""},
      {"password=žluť user=u", "password=*** user=u"},
      {"host=h,password=secret", "host=h,password=***"},
      {"password= PASSWORD = 'a b' x", "password= PASSWORD = *** x"},
      // several in one text
      {"tried password=one, then postgres://u:two@h and password='three four'.",
       "tried password=*** then postgres://u:***@h and password=***."},
      {"a://b:c@d e://f:g@h", "a://b:***@d e://f:***@h"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(redact(c.text) == c.redacted);
  }
}

TEST_CASE("Texts without a password stay as they are", "[model]") {
  const std::string texts[] = {
      "",
      "passfile=/home/u/.pgpass host=h",
      "postgres://host/db?passfile=/home/u/.pgpass",
      "postgres://user@host:5432/db",
      "postgres://host:5432/db",
      "postgres://u@[::1]:5432/db",
      "postgres://[::1]:5432/db",
      "postgres:///db?host=/run/postgresql",
      "postgres://u:@host/db",
      "password authentication failed for user \"u\"",
      "fe_sendauth: no password supplied",
      "password_encryption=scram-sha-256",
      "old_password=x is a column of mine",
      "mypassword=x",
      "password=",
      "password = ",
      "the password",
      "see https://example.org/a:b for user@example.org",
      "time 10:20 mail a@b",
      "://",
      "a://b?c",
      "no such file: deploy/password.sql",
  };
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(redact(text) == text);
  }
}

TEST_CASE("Whatever stands around it, a password does not show", "[model]") {
  const std::string pieces[] = {"://", ":",  "@", "password", "=", "'",  "\\", "?",
                                "&",   "\"", " ", "x",        "%", "%7", "/",  "#"};
  const std::string secrets[] = {" password=hunter2 ", " postgres://u:hunter2@h ",
                                 "\npostgres://h?password=hunter2\n"};
  unsigned state = 1;
  const auto random = [&](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      state = state * 1664525U + 1013904223U;
      text += pieces[(state >> 16U) % std::size(pieces)];
    }
    return text;
  };
  for (int round = 0; round < 20000; ++round) {
    for (const std::string& secret : secrets) {
      const std::string text = random(6) + secret + random(3);
      if (redact(text).find("hunter2") != std::string::npos)
        FAIL_CHECK("shows in: " << redact(text));
    }
  }
}

TEST_CASE("A given connection string's passwords vanish in any form", "[model]") {
  const auto leaks = [](const std::string& text, const std::string& dsn) {
    return redact(text, Secret(dsn));
  };
  // What libpq says of an unescaped @ and : in a password.
  CHECK(leaks("invalid integer value \"s3cret@host\" for connection option \"port\"",
              "postgres://u:top:s3cret@host/db") ==
        "invalid integer value \"***@host\" for connection option \"port\"");
  CHECK(leaks("missing \"=\" after \"hunter2\" in connection info string",
              "host=h password='top hunter2' user=u") ==
        "missing \"=\" after \"***\" in connection info string");
  CHECK(leaks("the server saw it's", "password='it\\'s'") == "the server saw ***");
  CHECK(leaks("the server saw s@crét", "postgres://u:s%40cr%C3%A9t@h") == "the server saw ***");
  CHECK(leaks("database \"app\" does not exist", "dbname=app") ==
        "database \"app\" does not exist");
  CHECK(leaks("postgres://u:pw12@h/db failed", "postgres://u:pw12@h/db") ==
        "postgres://u:***@h/db failed");
  CHECK(leaks("nothing to hide", "") == "nothing to hide");
}

}  // namespace pgpm::tests
