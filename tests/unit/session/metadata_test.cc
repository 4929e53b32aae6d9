#include "engine/session/metadata.h"

#include <catch2/catch.hpp>

#include "engine/session/uuid.h"

using namespace pgpm;

namespace {

constexpr const char* id = "550e8400-e29b-41d4-a716-446655440000";

struct Read {
  std::optional<SessionMetadata> metadata;
  std::vector<Diagnostic> problems;
};

Read read(const std::string& text) {
  Read result;
  result.metadata = read_metadata(SourceText("a.sql", text), result.problems);
  return result;
}

std::string block(const std::string& attributes, const std::string& content = {}) {
  return "/*\n<pgmi-meta " + attributes + ">" + content + "</pgmi-meta>\n*/\n";
}

std::string with_id(const std::string& rest) {
  return "id=\"" + std::string(id) + "\" " + rest;
}

/// "line:column message" of every problem.
std::string problems(const std::string& text) {
  std::string all;
  for (const Diagnostic& problem : read(text).problems)
    all += std::to_string(problem.where.line) + ":" + std::to_string(problem.where.column) + " " +
           problem.message + "\n";
  return all;
}

}  // namespace

TEST_CASE("a block with everything is read to the letter") {
  const Read full =
      read("SELECT 1;\n" + block(with_id("idempotent=\"false\" other=\"x\""),
                                 "\n<description> a &amp; b </description>\n"
                                 "<sortKeys><key>001/000</key><key> 9 </key></sortKeys><other/>"));
  REQUIRE(full.metadata);
  CHECK(full.problems.empty());
  CHECK(full.metadata->id == id);
  CHECK_FALSE(full.metadata->idempotent);
  CHECK(full.metadata->description == " a & b ");
  CHECK(full.metadata->sort_keys == std::vector<std::string>{"001/000", " 9 "});
}

TEST_CASE("what may be left out may be left out") {
  const Read small = read("/* why this file is here: <pgmi-meta id='" + std::string(id) +
                          "' idempotent='1'></pgmi-meta> and more </odd> */");
  REQUIRE(small.metadata);
  CHECK(small.problems.empty());
  CHECK(small.metadata->idempotent);
  CHECK_FALSE(small.metadata->description);
  CHECK(small.metadata->sort_keys.empty());
  CHECK(read(block(with_id("idempotent=\"t\""), "<sortKeys/>")).metadata);
}

TEST_CASE("only comments are looked into") {
  const std::string meta = "<pgmi-meta x>";
  for (const std::string& text : std::vector<std::string>{
           std::string(), "SELECT '/* " + meta + " */';", "SELECT '/*';\n-- " + meta + " */",
           "SELECT $a$ '/* ' /* " + meta + " */ $a$;", "SELECT $$ /* " + meta + " */ $$;",
           "SELECT \"/* " + meta + " */\";", "-- " + meta, "/* <pgmi-metadata> */",
           "/* pgmi-meta */", "/* <PGMI-META > */", meta}) {
    INFO(text);
    const Read nothing = read(text);
    CHECK_FALSE(nothing.metadata);
    CHECK(nothing.problems.empty());
  }
}

TEST_CASE("booleans have twelve spellings") {
  for (const char* word : {"1", "t", "T", "TRUE", "true", "True"})
    CHECK(read(block(with_id("idempotent='" + std::string(word) + "'"))).metadata->idempotent);
  for (const char* word : {"0", "f", "F", "FALSE", "false", "False"})
    CHECK_FALSE(
        read(block(with_id("idempotent='" + std::string(word) + "'"))).metadata->idempotent);
  for (const char* word : {"yes", "on", "tRUE", ""})
    CHECK_FALSE(read(block(with_id("idempotent='" + std::string(word) + "'"))).metadata);
}

TEST_CASE("everything that is wrong is named with its place, together") {
  CHECK(problems(block("")) ==
        "2:2 <pgmi-meta> has no id\n2:2 <pgmi-meta> does not say idempotent\n");
  CHECK(problems(block("id='x' idempotent='yes'",
                       "<description> </description>\n<sortKeys>"
                       "<key></key></sortKeys>")) ==
        "2:2 id \"x\" is no UUID\n2:2 idempotent=\"yes\" is neither true nor false\n"
        "2:37 <description> is blank\n3:12 a <key> is blank\n");
  CHECK(problems(block("id='00000000-0000-0000-0000-000000000000' idempotent='1'")) ==
        "2:2 the id is the nil UUID\n");
  CHECK(problems(block(with_id("idempotent='1'")) + block(with_id("idempotent='1'"))) ==
        "4:1 there is a <pgmi-meta> block before: a file has one\n");
  CHECK(problems("SELECT 1;\n/* <pgmi:meta> */").starts_with("2:4 <pgmi:meta> is the old form"));
  CHECK(problems("/*\n\n<pgmi-meta id=>\n*/")
            .starts_with("3:15 the <pgmi-meta> block is no well-formed XML: "));
  CHECK(problems("/* <other/> <pgmi-meta > */").find("no well-formed XML") != std::string::npos);
  CHECK(problems(block(with_id("idempotent='1'"), std::string(11000, 'x')))
            .starts_with("2:1 the <pgmi-meta> block has "));
}

TEST_CASE("UUIDs are read in four forms") {
  CHECK(parse_uuid("550E8400-E29B-41D4-A716-446655440000") == id);
  CHECK(parse_uuid("550e8400e29b41d4a716446655440000") == id);
  CHECK(parse_uuid("{550e8400-e29b-41d4-a716-446655440000}") == id);
  CHECK(parse_uuid("urn:uuid:550e8400-e29b-41d4-a716-446655440000") == id);
  for (const char* bad :
       {"", "550e8400", "550e8400-e29b-41d4-a716-44665544000g",
        "550e8400e-29b-41d4-a716-446655440000", "{550e8400e29b41d4a716446655440000"})
    CHECK_FALSE(parse_uuid(bad));
  CHECK(path_uuid("./a.sql") == "b983ad75-d50a-5c48-c30e-8aa59aeaabd9");
}
