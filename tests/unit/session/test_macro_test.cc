#include "engine/session/test_macro.h"

#include <catch2/catch.hpp>

#include "engine/session/expanded_script.h"

using namespace pgpm;

namespace {

/// "pattern|callback" of each macro, "-" for none.
std::string macros(const std::string& text) {
  std::string all;
  for (const TestMacro& macro : find_test_macros(text))
    all += macro.pattern.value_or("-") + "|" + macro.callback.value_or("-") + " ";
  return all;
}

}  // namespace

TEST_CASE("every form of the macro is recognised") {
  const std::pair<const char*, const char*> forms[] = {
      {"CALL pgmi_test();", "-|- "},
      {"CALL pgmi_test(NULL);", "-|- "},
      {"CALL pgmi_test('/auth/');", "/auth/|- "},
      {"CALL pgmi_test('.*', 'pg_temp.cb');", ".*|pg_temp.cb "},
      {"CALL pgmi_test(NULL, 'pg_temp.cb');", "-|pg_temp.cb "},
      {"CALL pg_temp.pgmi_test();", "-|- "},
      {"CALL pg_temp.pgmi_test('a', 'cb');", "a|cb "},
      {"call PGMI_TEST ( null ) ;", "-|- "},
      {"CALL\n\tpgmi_test\n(\n'a'\n,\n'b'\n)\n;", "a|b "},
      {"CALL pgmi_test('');", "-|- "},
      {"CALL pgmi_test('', '');", "-|- "},
      {"CALL /* a */ pgmi_test -- b\n ( 'a' /* c */ );", "a|- "},
      {"BEGIN; CALL pgmi_test('a'); SELECT 1; CALL pgmi_test('b'); COMMIT;", "a|- b|- "},
      {"CALL pgmi_test('\xC3\xA9\\d+');", "\xC3\xA9\\d+|- "},
      {"SELECT '\xC3\xA9';CALL pgmi_test();", "-|- "},
  };
  for (const auto& [text, expected] : forms) {
    INFO(text);
    CHECK(macros(text) == expected);
  }
}

TEST_CASE("what only looks like the macro is left to the server") {
  for (const char* text : {
           "CALL pgmi_test('it''s');",
           "CALL pgmi_test(E'a');",
           "CALL pgmi_test($$a$$);",
           "CALL pgmi_test(NULL, NULL);",
           "CALL pgmi_test(pattern => 'a');",
           "CALL pgmi_test('a', 'b', 'c');",
           "CALL pgmi_test",
           "CALL pgmi_test()",
           "CALL app.pgmi_test();",
           "CALL pgmi_tests();",
           "CALL \"pgmi_test\"();",
           "RECALL pgmi_test();",
           "_CALL pgmi_test();",
           "SELECT 'CALL pgmi_test();';",
           "SELECT E'a\\'CALL pgmi_test();';",
           "DO $$ BEGIN CALL pgmi_test(); END $$;",
           "DO $tag$ BEGIN CALL pgmi_test(); END $tag$;",
           "-- CALL pgmi_test();",
           "/* CALL pgmi_test(); */",
           "/* a /* b */ CALL pgmi_test(); */",
           "SELECT \"CALL pgmi_test();\";",
       }) {
    INFO(text);
    CHECK(macros(text).empty());
  }
}

TEST_CASE("a callback is a name or schema.name") {
  const auto check = [](const std::string& name) {
    const SourceText source("deploy.sql", "BEGIN;\nCALL pgmi_test(NULL, '" + name + "');");
    require_callback_names(source, find_test_macros(source.bytes()));
  };
  for (const char* good : {"cb", "pg_temp.cb", "_a1.B_2"}) CHECK_NOTHROW(check(good));
  for (const char* bad : {"a b", "a.b.c", "1a", "a.", ".a", "a;b", "a-b", "\"a\"", "\xC3\xA9"}) {
    INFO(bad);
    CHECK_THROWS_WITH(check(bad), Catch::Contains("is no name of a callback"));
  }
  CHECK_NOTHROW(check(std::string(63, 'a')));
  CHECK_THROWS_AS(check(std::string(64, 'a')), Error);
  try {
    check("a b");
  } catch (const Error& error) {
    CHECK(error.where()->to_string() == "deploy.sql:2:1");
    CHECK(error.code() == ErrorCode::configuration);
  }
}

TEST_CASE("places in the expanded text lead back to the author's") {
  const SourceText source("deploy.sql",
                          "\xEF\xBB\xBF"
                          "a; CALL pgmi_test(); b; CALL pgmi_test(); c");
  const ExpandedScript script(source, find_test_macros(source.bytes()), {"FIRST;", "SECOND\n;"});
  CHECK(script.text() == "   a; FIRST; b; SECOND\n; c");
  const auto back = [&](const char* word) {
    return std::string(source.bytes().substr(script.source_offset(script.text().find(word)), 4));
  };
  CHECK(back("a;") == "a; C");
  CHECK(back("FIRST") == "CALL");
  CHECK(back("RST") == "CALL");
  CHECK(back("b;") == "b; C");
  CHECK(back("\n;") == "CALL");
  CHECK(back("c") == "c");
  CHECK(script.source_offset(script.text().size()) == source.bytes().size());
}
