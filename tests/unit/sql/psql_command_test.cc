#include "engine/sql/psql_command.h"

#include <catch2/catch.hpp>

namespace pgpm::tests {

TEST_CASE("Guard lines echo something and quit", "[sql]") {
  const std::string_view guards[] = {
      "\\echo Use \"CREATE EXTENSION x\" to load this file. \\quit",
      "\\echo Use \"ALTER EXTENSION x UPDATE TO '1.1'\" to load this file. \\quit",
      "\\echo it \\q",
      "\\echo\t'no \\quit here' \\quit  ",
      "\\echo \\quit",
      "\\echo\\quit",
  };
  for (const std::string_view line : guards) {
    CAPTURE(line);
    CHECK(sql::is_psql_guard(line));
  }
  const std::string_view others[] = {
      "\\echo hello",
      "\\quit",
      "\\q",
      "\\echo \"a \\quit\"",
      "\\echo 'a \\quit'",
      "\\echo a \\quit now",
      "\\echo \\quitter",
      "\\echo \\i x \\quit",
      "\\qecho x \\quit",
      "\\echox \\quit",
      "\\ECHO x \\quit",
      "\\",
  };
  for (const std::string_view line : others) {
    CAPTURE(line);
    CHECK_FALSE(sql::is_psql_guard(line));
  }
}

TEST_CASE("Commands have names", "[sql]") {
  CHECK(sql::psql_command_name("\\i file.sql") == "\\i");
  CHECK(sql::psql_command_name("\\include_relative 'a b'") == "\\include_relative");
  CHECK(sql::psql_command_name("\\!ls") == "\\!");
  CHECK(sql::psql_command_name("\\.") == "\\.");
  CHECK(sql::psql_command_name("\\;SELECT") == "\\;");
  CHECK(sql::psql_command_name("\\echo\\quit") == "\\echo");
  CHECK(sql::psql_command_name("\\?") == "\\?");
  CHECK(sql::psql_command_name("\\dt+ a.*") == "\\dt+");
  CHECK(sql::psql_command_name("\\") == "\\");
}

TEST_CASE("Every command has a hint that fits it", "[sql]") {
  struct Case {
    std::string_view line, part;
  };
  const Case cases[] = {
      {"\\i x.sql", "put the content into this script"},
      {"\\ir x.sql", "put the content into this script"},
      {"\\set x 1", "psql variables"},
      {"\\gset", "psql variables"},
      {"\\copy t from 'f'", "COPY ... FROM STDIN"},
      {"\\c other", "one connection"},
      {"\\connect other", "one connection"},
      {"\\! rm", "cannot run programs"},
      {"\\!rm", "cannot run programs"},
      {"\\if :x", "DO block"},
      {"\\gexec", "EXECUTE"},
      {"\\g", "semicolon"},
      {"\\echo x", "RAISE NOTICE"},
      {"\\q", "remove the line"},
      {"\\.", "ends the data"},
      {"\\timing", "output"},
      {"\\encoding latin1", "UTF-8"},
      {"\\frobnicate", "no psql commands"},
      {"\\", "no psql commands"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    CHECK(sql::psql_command_hint(c.line).find(c.part) != std::string::npos);
  }
}

TEST_CASE("\\copy from the script's own lines is recognised", "[sql]") {
  CHECK(sql::is_psql_copy_in("\\copy t from stdin"));
  CHECK(sql::is_psql_copy_in("\\copy t (a, b) FROM PSTDIN with csv"));
  CHECK_FALSE(sql::is_psql_copy_in("\\copy t from 'stdin'"));
  CHECK_FALSE(sql::is_psql_copy_in("\\copy t to stdout"));
  CHECK_FALSE(sql::is_psql_copy_in("\\copy stdin from 'x'"));
  CHECK_FALSE(sql::is_psql_copy_in("\\i from stdin"));
}

}  // namespace pgpm::tests
