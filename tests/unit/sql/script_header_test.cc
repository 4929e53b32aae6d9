#include "engine/sql/script_header.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {
namespace {

using sql::ScriptHeader;
using sql::UnknownDirective;
using Names = std::vector<std::string>;

ScriptHeader read(std::string_view text) {
  std::vector<UnknownDirective> unknown;
  ScriptHeader header = sql::read_script_header(text, 0, unknown);
  CHECK(unknown.empty());
  return header;
}

}  // namespace

TEST_CASE("The first lines say which change a script belongs to", "[sql]") {
  struct Case {
    std::string text, verb, project, change;
  };
  const Case cases[] = {
      {"-- Deploy schemas/app/schema to pg\n", "Deploy", "", "schemas/app/schema"},
      {"-- Deploy app:schemas/app/schema to pg\n", "Deploy", "app", "schemas/app/schema"},
      {"-- Deploy my-app_2:a-b.c to pg\n", "Deploy", "my-app_2", "a-b.c"},
      {"-- Deploy: schemas/app/schema\n", "Deploy", "", "schemas/app/schema"},
      {"-- Deploy: app:x to pg\n", "Deploy", "app", "x"},
      {"-- Deploy x\n", "Deploy", "", "x"},
      {"-- Revert app:x from pg\r\n", "Revert", "app", "x"},
      {"-- Revert: x", "Revert", "", "x"},
      {"-- Verify x on pg", "Verify", "", "x"},
      {"-- Verify: x\n", "Verify", "", "x"},
      {"--Deploy x to pg\n", "Deploy", "", "x"},
      {"  --\tDeploy   x   to   pg  \n", "Deploy", "", "x"},
      {"\n\n-- a remark\n\n/* another; one\n*/\n-- Deploy x to pg\n", "Deploy", "", "x"},
      {"/* a /* nested */ one */ -- Deploy x\n", "Deploy", "", "x"},
      {"\\echo Use \"CREATE EXTENSION x\" to load this file. \\quit\n-- Deploy x\n", "Deploy", "",
       "x"},
      {"-- Deploy x\n-- Revert y\n", "Deploy", "", "x"},  // the first one
      {"-- Deploy žluť:kůň to pg\n", "Deploy", "", "žluť:kůň"},
      {"-- Deploy a:b:c\n", "Deploy", "a", "b:c"},
      {"-- Deploy app: to pg\n", "Deploy", "", "app:"},
      {"-- Deploy x to mysql\n", "Deploy", "", "x"},
      // prose, other cases, too late
      {"-- Deploy this with care\n", "", "", ""},
      {"-- Deploy x to pg tomorrow\n", "", "", ""},
      {"-- Deploys x\n", "", "", ""},
      {"-- deploy x\n", "", "", ""},
      {"-- Deploy\n", "", "", ""},
      {"-- Deploy:\n", "", "", ""},
      {"SELECT 1;\n-- Deploy x\n", "", "", ""},
      {"/* -- Deploy x\n*/\n", "", "", ""},
      {"/* open\n-- Deploy x\n", "", "", ""},
      {"", "", "", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const ScriptHeader header = read(c.text);
    CHECK(header.verb == c.verb);
    CHECK(header.project == c.project);
    CHECK(header.change == c.change);
    if (!c.change.empty()) {
      CHECK(c.text.substr(header.change_offset, c.change.size()) == c.change);
    }
  }
}

TEST_CASE("Requirements stand one per line in the leading comments", "[sql]") {
  CHECK(read("-- Deploy x\n-- requires: a/b\n-- requires: other:c/d\n").requires_changes ==
        Names{"a/b", "other:c/d"});
  CHECK(read("-- made with <3 @ constructive.io\n\n-- requires: a\n-- remark\n\n-- requires: "
             "@v1\nBEGIN;\n")
            .requires_changes == Names{"a", "@v1"});
  CHECK(read("-- requires: a  \r\n--requires:b\n-- requires : c\n").requires_changes ==
        Names{"a", "b", "c"});
  CHECK(read("-- requires:\n-- requires nothing\n-- it requires: x\n").requires_changes.empty());
  CHECK(read("SELECT 1;\n-- requires: a\n").requires_changes.empty());
  CHECK(read("-- requires: a\n-- requires: a\n").requires_changes == Names{"a", "a"});
}

TEST_CASE("Directives say how a script is run", "[sql]") {
  CHECK_FALSE(read("-- Deploy x\n").no_transaction);
  CHECK_FALSE(read("-- Deploy x\n").irreversible);
  CHECK(read("-- Deploy x\n-- pgpm: no-transaction\n").no_transaction);
  CHECK(read("-- pgpm:no-transaction\r\n").no_transaction);
  CHECK(read("-- PGPM: No-Transaction").no_transaction);
  CHECK(read("-- Revert x\n-- pgpm: irreversible\n").irreversible);
  const ScriptHeader both = read("-- pgpm: irreversible, no-transaction\n");
  CHECK(both.irreversible);
  CHECK(both.no_transaction);
  CHECK_FALSE(read("BEGIN;\n-- pgpm: no-transaction\n").no_transaction);
  CHECK_FALSE(read("/* -- pgpm: no-transaction */").no_transaction);
}

TEST_CASE("Directives we do not know are pointed at", "[sql]") {
  const std::string text = "-- Deploy x\n-- pgpm: no-transacton, irreversible\n";
  std::vector<UnknownDirective> unknown;
  const ScriptHeader header = sql::read_script_header(text, 0, unknown);
  CHECK(header.irreversible);
  CHECK_FALSE(header.no_transaction);
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].word == "no-transacton");
  CHECK(text.substr(unknown[0].offset, 13) == "no-transacton");
}

}  // namespace pgpm::tests
